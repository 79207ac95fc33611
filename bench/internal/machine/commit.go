package machine

import (
	"context"
	"os/exec"
	"strings"
)

// Commit returns the commit of the store that is measured, marked if its files have changed since. It returns "unknown" outside
// a repository.
func Commit(ctx context.Context) string {
	commit, err := git(ctx, "rev-parse", "--short=12", "HEAD")
	if err != nil {
		return "unknown"
	}
	changed, err := git(ctx, "status", "--porcelain", "--", ":/", ":(exclude,top)bench")
	if err != nil || changed != "" {
		commit += " with changes"
	}
	return commit
}

func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output()
	return strings.TrimSpace(string(out)), err
}
