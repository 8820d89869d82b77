#!/bin/sh
# Builds gotimes into the folder given as $1, from Debian's own Go packages (golang-go and golang-google-cloud-dev).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
export GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS= GOCACHE=${GOCACHE:-${TMPDIR:-/tmp}/go-build-cache}
go build -o "${1:-.}/gotimes" "$here/main.go"
