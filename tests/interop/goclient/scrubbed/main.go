// Command scrubbed replays the int store's recording, scrubbed by Retake, with the Go package itself: a client
// with real names, and a BeforeFunc that does to its requests what the rules did to the recorded ones.
//
//	scrubbed FILE KEYFILE
//
// The rules hash every name in unary calls and in what streams answer. The Go package calls BeforeFunc for unary
// calls alone, so a stream whose first SEND a rule touches could not be found. Answers keep their tokens: only
// Retake's own server puts values back.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"time"

	"cloud.google.com/go/rpcreplay"
	ipb "cloud.google.com/go/rpcreplay/proto/intstore"
	"github.com/golang/protobuf/proto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// symbols are the first count bytes of an HMAC-SHA-256 over "LENGTH:PURPOSEVALUE".
func symbols(key []byte, purpose string, value []byte, count int) []byte {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%d:%s%s", len(purpose), purpose, value)
	sum := mac.Sum(nil)[:count]
	for i := range sum {
		sum[i] %= byte(len(alphabet))
	}
	return sum
}

// token is what the action `hash` makes of a text: 26 symbols that stand for it, and 6 that prove them.
func token(key []byte, value string) string {
	made := symbols(key, "hash", []byte(value), 26)
	made = append(made, symbols(key, "hash proof", made, 6)...)
	text := "scrubbed-"
	for _, symbol := range made {
		text += string(alphabet[symbol])
	}
	return text
}

func run(file, keyFile string) error {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	rep, err := rpcreplay.NewReplayer(file)
	if err != nil {
		return err
	}
	defer rep.Close()
	seen := 0
	rep.BeforeFunc = func(method string, message proto.Message) error {
		seen++
		switch request := message.(type) {
		case *ipb.Item:
			request.Name = token(key, request.Name)
		case *ipb.GetRequest:
			request.Name = token(key, request.Name)
		}
		return nil
	}
	conn, err := rep.Connection()
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c := ipb.NewIntStoreClient(conn)

	if _, err := c.Set(ctx, &ipb.Item{Name: "a", Value: 1}); err != nil {
		return fmt.Errorf("Set a: %v", err)
	}
	it, err := c.Get(ctx, &ipb.GetRequest{Name: "a"})
	if err != nil || it.Name != token(key, "a") || it.Value != 1 {
		return fmt.Errorf("Get a: got %v, %v, want %s and 1", it, err, token(key, "a"))
	}
	if _, err := c.Get(ctx, &ipb.GetRequest{Name: "x"}); status.Code(err) != codes.NotFound {
		return fmt.Errorf("Get x: got %v, want NotFound", err)
	}
	if _, err := c.Get(ctx, &ipb.GetRequest{Name: "never asked for"}); err == nil {
		return fmt.Errorf("Get of another name: got an answer, want none")
	}
	list, err := c.ListItems(ctx, &ipb.ListItemsRequest{})
	if err != nil {
		return fmt.Errorf("ListItems: %v", err)
	}
	it, err = list.Recv()
	if err != nil || it.Name != token(key, "a") {
		return fmt.Errorf("ListItems: got %v, %v, want %s", it, err, token(key, "a"))
	}
	if _, err := list.Recv(); err != io.EOF {
		return fmt.Errorf("ListItems: got %v, want the end", err)
	}
	if seen != 4 {
		return fmt.Errorf("BeforeFunc: called %d times, want 4", seen)
	}
	fmt.Println("scrubbed: ok")
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: scrubbed FILE KEYFILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
