// Command depot is the service of depot.proto, a client of it, and the real Go Recorder between
// the two.
//
//	depot record OUT    run the morning against the service, record it with the Go Recorder
//	depot client ADDR   run the morning against any gRPC server at ADDR
//	depot load FILE     open FILE with the Go Replayer; print its initial state
//
// Built by record.sh beside this file.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"time"

	pb "depotpb"

	"cloud.google.com/go/rpcreplay"
	"google.golang.org/grpc"
)

func record(out string) error {
	opening := openingState{
		Depot: "Harbour Street", OpensAt: time.Date(2026, 3, 2, 5, 30, 0, 0, time.UTC),
		FuelCent: 45, Shelves: []string{"A1", "A2"}, NextID: 2041,
	}
	initial, err := json.Marshal(opening)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	d := newDepot(opening)
	server := grpc.NewServer()
	pb.RegisterDepotServer(server, d)
	go server.Serve(listener)
	defer server.Stop()

	recorder, err := rpcreplay.NewRecorder(out, initial)
	if err != nil {
		return err
	}
	conn, err := grpc.Dial(listener.Addr().String(), append(recorder.DialOptions(), grpc.WithInsecure())...)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := morning(conn, d); err != nil {
		return err
	}
	return recorder.Close()
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: depot record OUT | client ADDR | load FILE")
	}
	switch args[0] {
	case "record":
		return record(args[1])
	case "client":
		conn, err := grpc.Dial(args[1], grpc.WithInsecure())
		if err != nil {
			return err
		}
		defer conn.Close()
		return morning(conn, nil)
	case "load":
		replayer, err := rpcreplay.NewReplayer(args[1])
		if err != nil {
			return err
		}
		fmt.Printf("%s\n", replayer.Initial())
		return nil
	}
	return fmt.Errorf("unknown command %q", args[0])
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "depot:", err)
		os.Exit(1)
	}
}
