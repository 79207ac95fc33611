package workload

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

// resident returns the resident bytes of this process: those not backed by a file, and those of mapped files.
func resident() (anon, file int64, err error) {
	status, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, 0, fmt.Errorf("resident memory: %w", err)
	}
	defer status.Close()
	lines := bufio.NewScanner(status)
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), ":")
		var part *int64
		switch name {
		case "RssAnon":
			part = &anon
		case "RssFile", "RssShmem":
			part = &file
		default:
			continue
		}
		var kB int64
		if _, err := fmt.Sscanf(rest, "%d kB", &kB); err != nil {
			return 0, 0, fmt.Errorf("resident memory: %s: %w", lines.Text(), err)
		}
		*part += kB << 10
	}
	return anon, file, lines.Err()
}
