#!/usr/bin/env bash
# Records depot.replay anew with the real Go Recorder (Debian's golang-go, golang-google-cloud-dev and
# protobuf-compiler). With a folder as argument it only builds the program there, as FOLDER/depot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
samples=$(dirname "$here")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOPATH="$work:/usr/share/gocode" GO111MODULE=off GOFLAGS=
export GOCACHE=${GOCACHE:-${TMPDIR:-/tmp}/go-build-cache}

go build -o "$work/protoc-gen-go" github.com/golang/protobuf/protoc-gen-go
mkdir -p "$work/src/depotpb"
# Debian's protoc names newer Go packages for the well-known types than Debian's Go packages have.
known=github.com/golang/protobuf/ptypes
options=plugins=grpc,Mgoogle/protobuf/duration.proto=$known/duration,Mgoogle/protobuf/timestamp.proto=$known/timestamp
protoc --plugin="$work/protoc-gen-go" --go_out="$options:$work/src/depotpb" -I "$samples" depot.proto
go build -o "${1:-$work}/depot" "$here"/*.go

if [ $# -eq 0 ]; then
  "$work/depot" record "$samples/depot.replay"
fi
