#!/bin/sh
# Builds the Go clients into the folder given as $1, from Debian's own Go packages (golang-go and
# golang-google-grpc-dev).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
export GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS= GOCACHE=${GOCACHE:-${TMPDIR:-/tmp}/go-build-cache}
go build -o "${1:-.}/goclient" "$here/main.go"
go build -o "${1:-.}/builtins" "$here/builtins/main.go"
go build -o "${1:-.}/scrubbed" "$here/scrubbed/main.go"
go build -o "${1:-.}/reflection" "$here/reflection/main.go"
