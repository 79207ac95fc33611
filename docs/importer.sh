#!/usr/bin/env bash
# Measures what a program pays for importing a store: modules linked, size of the
# binary, time of the first build, and time to open a new file. It prints the table
# of the README. It needs Go, the network for modules, and five minutes on two cores.
#
#   docs/importer.sh            the table
#   docs/importer.sh 20         the number of starts of which it takes the median (default 101)
set -euo pipefail
cd "$(dirname "$0")/.."
repo=$PWD
starts=${1:-101}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=mod

# program NAME MODULE IMPORTS OPEN USE CLOSE writes a module with two programs:
# full opens a new file, sets a key and reads it; start only opens and closes it.
program() {
	local name=$1 module=$2 imports=$3 open=$4 use=$5 close=$6 kind
	for kind in full start; do
		mkdir -p "$work/$name/$kind"
		{
			printf 'package main\n\nimport (\n\t"os"\n%s)\n\nfunc main() {\n\tpath := os.Args[1]\n' "$imports"
			printf '\ts, err := %s\n\tif err != nil {\n\t\tpanic(err)\n\t}\n' "$open"
			if [[ $kind == full ]]; then printf '%s' "$use"; fi
			printf '\tif err := %s; err != nil {\n\t\tpanic(err)\n\t}\n}\n' "$close"
		} >"$work/$name/$kind/main.go"
	done
	(
		cd "$work/$name"
		go mod init example.org/importer
		case $module in
		'') ;;
		*@*) go get "$module" ;;
		*)
			go mod edit -require "$module@v0.0.0" -replace "$module=$repo"
			cp "$repo/go.sum" .
			;;
		esac
		go mod tidy
	) >"$work/$name/log" 2>&1 || { cat "$work/$name/log"; exit 1; }
}

program nothing '' '' 'os.Create(path)' '' 's.Close()'
program go-store forge.lthn.ai/core/go-store $'\t"forge.lthn.ai/core/go-store/store"\n' \
	'store.New(path)' \
	$'\tprintln(s.Set("g", "k", "v"))\n\tprintln(s.Get("g", "k"))\n' 's.Close()'
program bbolt go.etcd.io/bbolt@v1.5.0 $'\tbolt "go.etcd.io/bbolt"\n' \
	'bolt.Open(path, 0o600, nil)' \
	$'\terr = s.Update(func(tx *bolt.Tx) error {\n\t\tb, err := tx.CreateBucketIfNotExists([]byte("g"))\n\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t\tif err := b.Put([]byte("k"), []byte("v")); err != nil {\n\t\t\treturn err\n\t\t}\n\t\tprintln(string(b.Get([]byte("k"))))\n\t\treturn nil\n\t})\n\tprintln(err)\n' 's.Close()'
program badger github.com/dgraph-io/badger/v4@v4.9.6 $'\t"github.com/dgraph-io/badger/v4"\n' \
	'badger.Open(badger.DefaultOptions(path).WithLogger(nil))' \
	$'\terr = s.Update(func(tx *badger.Txn) error {\n\t\tif err := tx.Set([]byte("k"), []byte("v")); err != nil {\n\t\t\treturn err\n\t\t}\n\t\t_, err := tx.Get([]byte("k"))\n\t\treturn err\n\t})\n\tprintln(err)\n' 's.Close()'
program buntdb github.com/tidwall/buntdb@v1.3.0 $'\t"github.com/tidwall/buntdb"\n' \
	'buntdb.Open(path)' \
	$'\terr = s.Update(func(tx *buntdb.Tx) error {\n\t\tif _, _, err := tx.Set("k", "v", nil); err != nil {\n\t\t\treturn err\n\t\t}\n\t\t_, err := tx.Get("k")\n\t\treturn err\n\t})\n\tprintln(err)\n' 's.Close()'
program redka github.com/nalgeon/redka@v1.0.1 $'\t"github.com/nalgeon/redka"\n\t_ "modernc.org/sqlite"\n' \
	'redka.Open(path, &redka.Options{DriverName: "sqlite"})' \
	$'\tprintln(s.Str().Set("k", "v"))\n\tv, err := s.Str().Get("k")\n\tprintln(v.String(), err)\n' 's.Close()'

names=(go-store redka bbolt badger buntdb nothing)
declare -A built
TIMEFORMAT='%U %S'
for name in "${names[@]}"; do
	cd "$work/$name"
	spent=$({ time GOCACHE="$work/cache" go build -trimpath -ldflags='-s -w' -o full.exe ./full; } 2>&1)
	built[$name]=$(awk '{printf "%.0f", $1 + $2}' <<<"$spent")
	chmod -R u+w "$work/cache" && rm -rf "$work/cache"
	go build -trimpath -ldflags='-s -w' -o start.exe ./start
	./full.exe file >/dev/null 2>&1 # it works
done

# The programs take turns, so that a slow moment of the machine slows all of them.
for ((i = 0; i < starts; i++)); do
	for name in "${names[@]}"; do
		cd "$work/$name"
		before=${EPOCHREALTIME/[.,]/}
		./start.exe "file-$i" >/dev/null 2>&1
		echo $((${EPOCHREALTIME/[.,]/} - before)) >>times
	done
done

printf '| | modules linked | binary, MB | first build, s of processor time | start and open a new file, ms |\n'
printf '| --- | ---: | ---: | ---: | ---: |\n'
for name in "${names[@]}"; do
	cd "$work/$name"
	modules=$(go version -m full.exe | awk '$1 == "dep"' | wc -l)
	median=$(sort -n times | sed -n "$((starts / 2 + 1))p")
	awk -v n="$name" -v m="$modules" -v s="$(wc -c <full.exe)" -v b="${built[$name]}" -v t="$median" \
		'BEGIN { printf "| %s | %d | %.1f | %s | %.1f |\n", n, m, s / 1e6, b, t / 1000 }'
done
