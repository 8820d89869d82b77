// Command goclient plays a script against a gRPC server and tells what it saw: a generic client of Debian's
// grpc-go, on raw bytes. It reads the script on standard input and writes the outcome on standard output, both
// JSON; ../client.py has the same vocabulary in Python and describes it. Built by build.sh.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/golang/protobuf/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

type target struct {
	Address string `json:"address"`
	CA      string `json:"ca"`
	Cert    string `json:"cert"`
	Key     string `json:"key"`
	Name    string `json:"name"`
}

type pair struct {
	Key   string `json:"key"`
	Value []byte `json:"value"`
}

type step struct {
	Do      string `json:"do"`
	Message []byte `json:"message"`
	Name    string `json:"name"`
}

type call struct {
	Method   string  `json:"method"`
	Unary    bool    `json:"unary"`
	Metadata []pair  `json:"metadata"`
	Timeout  float64 `json:"timeout"`
	Steps    []step  `json:"steps"`
}

type script struct {
	Target   target `json:"target"`
	Parallel bool   `json:"parallel"`
	Calls    []call `json:"calls"`
}

type outcome struct {
	Received [][]byte `json:"received"`
	Code     int      `json:"code"`
	Message  string   `json:"message"`
	Details  []byte   `json:"details"`
	Printed  string   `json:"printed"`
	Headers  []pair   `json:"headers"`
	Trailers []pair   `json:"trailers"`
	Seconds  float64  `json:"seconds"`
}

// rawCodec hands bytes through. Its name is that of the codec it stands in for.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }
func (rawCodec) Marshal(v interface{}) ([]byte, error) {
	return *v.(*[]byte), nil
}
func (rawCodec) Unmarshal(data []byte, v interface{}) error {
	*v.(*[]byte) = append([]byte{}, data...)
	return nil
}

// player runs the calls of one script.
type player struct {
	conn  *grpc.ClientConn
	mutex sync.Mutex
	order []string
	marks map[string]chan struct{}
}

func (p *player) mark(name string) chan struct{} {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.marks[name] == nil {
		p.marks[name] = make(chan struct{})
	}
	return p.marks[name]
}

func (p *player) note(name string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.order = append(p.order, name)
}

// endToEnd is what a server said itself, in the order of the keys.
func endToEnd(all metadata.MD) []pair {
	pairs := []pair{}
	for key, values := range all {
		if strings.HasPrefix(key, "grpc-") || key == "content-type" || key == "trailer" {
			continue
		}
		for _, value := range values {
			pairs = append(pairs, pair{key, []byte(value)})
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].Key < pairs[j].Key })
	return pairs
}

func (p *player) play(c call) outcome {
	ctx, cancel := context.WithCancel(context.Background())
	if c.Timeout > 0 {
		ctx, cancel = context.WithTimeout(context.Background(), time.Duration(c.Timeout*float64(time.Second)))
	}
	defer cancel()
	for _, m := range c.Metadata {
		ctx = metadata.AppendToOutgoingContext(ctx, m.Key, string(m.Value))
	}
	out := outcome{Received: [][]byte{}}
	var header, trailer metadata.MD
	began := time.Now()
	var err error
	if c.Unary {
		answer := []byte{}
		err = p.conn.Invoke(ctx, c.Method, &c.Steps[0].Message, &answer, grpc.Header(&header), grpc.Trailer(&trailer))
		if err == nil {
			out.Received = append(out.Received, answer)
		}
	} else {
		header, trailer, err = p.stream(ctx, cancel, c, &out)
	}
	out.Seconds = time.Since(began).Seconds()
	if err != nil {
		s := status.Convert(err)
		out.Code, out.Message, out.Printed = int(s.Code()), s.Message(), err.Error()
		if whole := s.Proto(); len(whole.Details) > 0 {
			out.Details, _ = proto.Marshal(whole)
		}
	}
	out.Headers, out.Trailers = endToEnd(header), endToEnd(trailer)
	return out
}

func (p *player) stream(ctx context.Context, cancel func(), c call, out *outcome) (metadata.MD, metadata.MD, error) {
	both := &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}
	stream, err := p.conn.NewStream(ctx, both, c.Method)
	if err != nil {
		return nil, nil, err
	}
	receive := func() error {
		message := []byte{}
		if err := stream.RecvMsg(&message); err != nil {
			return err
		}
		out.Received = append(out.Received, message)
		return nil
	}
	for _, s := range c.Steps {
		switch s.Do {
		case "send":
			// io.EOF: the stream has ended, and a RECV tells how.
			if err = stream.SendMsg(&s.Message); err == io.EOF {
				err = nil
			}
		case "recv":
			err = receive()
		case "close":
			err = stream.CloseSend()
		case "cancel":
			cancel()
		case "end":
			for err == nil {
				err = receive()
			}
		case "await":
			<-p.mark(s.Name)
		case "mark":
			close(p.mark(s.Name))
		case "note":
			p.note(s.Name)
		}
		if err != nil {
			break
		}
	}
	if err == io.EOF {
		err = nil
	}
	header, _ := stream.Header()
	return header, stream.Trailer(), err
}

func (p *player) playAll(s script) []outcome {
	outcomes := make([]outcome, len(s.Calls))
	var group sync.WaitGroup
	for i := range s.Calls {
		group.Add(1)
		run := func(i int) {
			defer group.Done()
			outcomes[i] = p.play(s.Calls[i])
		}
		if s.Parallel {
			go run(i)
		} else {
			run(i)
		}
	}
	group.Wait()
	return outcomes
}

func security(t target) (grpc.DialOption, error) {
	if t.CA == "" {
		return grpc.WithInsecure(), nil
	}
	pem, err := os.ReadFile(t.CA)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool(), ServerName: t.Name}
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: no certificate", t.CA)
	}
	if t.Cert != "" {
		own, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{own}
	}
	return grpc.WithTransportCredentials(credentials.NewTLS(config)), nil
}

func dial(t target) (*grpc.ClientConn, error) {
	secure, err := security(t)
	if err != nil {
		return nil, err
	}
	options := []grpc.DialOption{secure,
		grpc.WithDefaultCallOptions(grpc.ForceCodec(rawCodec{}), grpc.MaxCallRecvMsgSize(math.MaxInt32))}
	if path := strings.TrimPrefix(t.Address, "unix:"); path != t.Address {
		dialer := func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}
		return grpc.Dial("passthrough:///localhost", append(options, grpc.WithContextDialer(dialer))...)
	}
	return grpc.Dial(t.Address, options...)
}

func run() error {
	var s script
	if err := json.NewDecoder(os.Stdin).Decode(&s); err != nil {
		return err
	}
	conn, err := dial(s.Target)
	if err != nil {
		return err
	}
	defer conn.Close()
	p := &player{conn: conn, order: []string{}, marks: map[string]chan struct{}{}}
	calls := p.playAll(s)
	return json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"calls": calls, "order": p.order})
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "goclient:", err)
		os.Exit(1)
	}
}
