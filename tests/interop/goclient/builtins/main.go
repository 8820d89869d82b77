// Command builtins asks the server at the address that it is given what tools ask by themselves, with grpc-go's own
// generated clients: grpc.health.v1 and grpc.reflection.v1alpha. It writes what it learned on standard output, one
// line each. Built by ../build.sh.
package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/golang/protobuf/proto"
	dpb "github.com/golang/protobuf/protoc-gen-go/descriptor"
	"google.golang.org/grpc"
	hpb "google.golang.org/grpc/health/grpc_health_v1"
	rpb "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "builtins:", err)
		os.Exit(1)
	}
}

func tellHealth(ctx context.Context, client hpb.HealthClient, service string) {
	answer, err := client.Check(ctx, &hpb.HealthCheckRequest{Service: service})
	told := answer.GetStatus().String()
	if err != nil {
		told = status.Code(err).String()
	}
	watching, cancel := context.WithCancel(ctx)
	defer cancel()
	watch, err := client.Watch(watching, &hpb.HealthCheckRequest{Service: service})
	check(err)
	first, err := watch.Recv()
	check(err)
	fmt.Printf("health of %q: %s, watched: %s\n", service, told, first.GetStatus())
}

type reflection struct {
	stream rpb.ServerReflection_ServerReflectionInfoClient
	files  map[string]*dpb.FileDescriptorProto
}

func (r *reflection) ask(request *rpb.ServerReflectionRequest) *rpb.ServerReflectionResponse {
	check(r.stream.Send(request))
	answer, err := r.stream.Recv()
	check(err)
	return answer
}

// The file that has the symbol; it and what comes with it is kept.
func (r *reflection) symbol(name string) string {
	answer := r.ask(&rpb.ServerReflectionRequest{
		MessageRequest: &rpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: name}})
	if wrong := answer.GetErrorResponse(); wrong != nil {
		return fmt.Sprintf("error %d: %s", wrong.ErrorCode, wrong.ErrorMessage)
	}
	var names []string
	for _, bytes := range answer.GetFileDescriptorResponse().GetFileDescriptorProto() {
		file := new(dpb.FileDescriptorProto)
		check(proto.Unmarshal(bytes, file))
		r.files[file.GetName()] = file
		names = append(names, file.GetName())
	}
	return strings.Join(names, " ")
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	connection, err := grpc.DialContext(ctx, os.Args[1], grpc.WithInsecure())
	check(err)
	defer connection.Close()

	health := hpb.NewHealthClient(connection)
	for _, service := range append([]string{""}, os.Args[2:]...) {
		tellHealth(ctx, health, service)
	}

	stream, err := rpb.NewServerReflectionClient(connection).ServerReflectionInfo(ctx)
	check(err)
	known := &reflection{stream, map[string]*dpb.FileDescriptorProto{}}
	list := known.ask(&rpb.ServerReflectionRequest{
		MessageRequest: &rpb.ServerReflectionRequest_ListServices{ListServices: "*"}})
	for _, service := range list.GetListServicesResponse().GetService() {
		fmt.Printf("service %s: %s\n", service.GetName(), known.symbol(service.GetName()))
	}
	for _, service := range os.Args[2:] {
		fmt.Printf("symbol %s again: %s\n", service, known.symbol(service))
	}
	check(stream.CloseSend())

	var lines []string
	for _, file := range known.files {
		for _, imported := range file.GetDependency() {
			if known.files[imported] == nil {
				lines = append(lines, fmt.Sprintf("%s imports %s, which is missing", file.GetName(), imported))
			}
		}
		for _, service := range file.GetService() {
			for _, method := range service.GetMethod() {
				lines = append(lines, fmt.Sprintf("method %s.%s.%s %s %s", file.GetPackage(), service.GetName(),
					method.GetName(), method.GetInputType(), method.GetOutputType()))
			}
		}
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}
