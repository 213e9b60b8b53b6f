// Promises measures what the gateway promises of single streams: it is the engine behind the gateway and the caller before it, so that both
// ends are told by one clock.
//
//	promises cancel  HOST:PORT        a caller's cancel until the engine's stream is cancelled
//	promises stall   HOST:PORT        bytes under way to a caller who has stopped reading
//	promises sigterm HOST:PORT PID    500 streams open while the gateway is told to end
//	promises failover HOST:PORT       an engine's refusal until another engine has the request; needs both engines in the fleet
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	engineAddress = "127.0.0.1:9201"
	otherAddress  = "127.0.0.1:9202"
	method        = "/sluice.v1.Inference/Generate"
	tokenPause    = 20 * time.Millisecond

	mostCancel  = 100 * time.Millisecond
	mostHeldKiB = 128

	mostFailover = 50 * time.Millisecond
)

// engine answers Generate of sluice.v1 until its request's tokens are out or the caller is gone.
type engine struct {
	cancelled sync.Map // request id -> time.Time
	received  sync.Map // request id -> time.Time
	refused   sync.Map // request id -> time.Time
	asked     atomic.Int64
	refuses   int64  // every so manieth request; 0: none
	chunk     string // text of each token
	pause     time.Duration
	sentBytes atomic.Int64
}

func (e *engine) serve(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.MaxConcurrentStreams(10_000))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "sluice.v1.Inference",
		HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{{StreamName: "Generate", ServerStreams: true,
			Handler: func(_ any, stream grpc.ServerStream) error { return e.generate(stream) }}},
	}, struct{}{})
	go func() { fmt.Fprintln(os.Stderr, "engine:", server.Serve(listener)) }()
	return nil
}

func (e *engine) generate(stream grpc.ServerStream) error {
	var request emptypb.Empty
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	id, tokens := read(request.ProtoReflect().GetUnknown())
	e.received.Store(id, time.Now())
	if asked := e.asked.Add(1); e.refuses > 0 && asked%e.refuses == 0 {
		e.refused.Store(id, time.Now())
		return status.Error(codes.Unavailable, "refused on purpose")
	}
	go func() {
		<-stream.Context().Done()
		e.cancelled.LoadOrStore(id, time.Now())
	}()
	if err := stream.SendMsg(event(1, nil)); err != nil {
		return err
	}
	for i := range tokens {
		time.Sleep(e.pause)
		run := number(number(nil, 1, uint64(i)), 2, 1)
		run = protowire.AppendString(protowire.AppendTag(run, 3, protowire.BytesType), e.chunk)
		if err := stream.SendMsg(event(2, run)); err != nil {
			return err
		}
		e.sentBytes.Add(int64(len(run) + 3 + 5)) // within an event, within a gRPC message
	}
	usage := number(number(nil, 1, 8), 2, uint64(tokens))
	return stream.SendMsg(event(3, protowire.AppendBytes(protowire.AppendTag(number(nil, 1, 2), 2, protowire.BytesType), usage)))
}

// read takes the id and the most output tokens from a GenerateRequest.
func read(message []byte) (id string, tokens int) {
	for len(message) > 0 {
		field, kind, length := protowire.ConsumeTag(message)
		message = message[length:]
		value := protowire.ConsumeFieldValue(field, kind, message)
		if body, n := protowire.ConsumeBytes(message); kind == protowire.BytesType && n > 0 {
			switch field {
			case 11:
				id = string(body)
			case 5:
				if _, _, n := protowire.ConsumeTag(body); n > 0 {
					most, _ := protowire.ConsumeVarint(body[n:])
					tokens = int(most)
				}
			}
		}
		message = message[value:]
	}
	return id, tokens
}

func number(message []byte, field protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(message, field, protowire.VarintType), value)
}

func event(field protowire.Number, body []byte) *emptypb.Empty {
	message := &emptypb.Empty{}
	message.ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), body))
	return message
}

func request(id string, tokens int) *emptypb.Empty {
	text := func(message []byte, field protowire.Number, value string) []byte {
		return protowire.AppendString(protowire.AppendTag(message, field, protowire.BytesType), value)
	}
	message := text(text(nil, 1, "stub"), 2, "hello")
	message = protowire.AppendBytes(protowire.AppendTag(message, 5, protowire.BytesType), number(nil, 1, uint64(tokens)))
	message = text(message, 11, id)
	empty := &emptypb.Empty{}
	empty.ProtoReflect().SetUnknown(message)
	return empty
}

// call opens a stream and returns it after its first token.
func call(ctx context.Context, conn *grpc.ClientConn, id string, tokens int) (grpc.ClientStream, error) {
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, method)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(stream.SendMsg(request(id, tokens)), stream.CloseSend()); err != nil {
		return nil, err
	}
	for {
		field, err := next(stream)
		if err != nil || field == 2 {
			return stream, err
		}
	}
}

// next reads one event and returns its field: 1 admitted, 2 tokens, 3 finished.
func next(stream grpc.ClientStream) (protowire.Number, error) {
	var answer emptypb.Empty
	if err := stream.RecvMsg(&answer); err != nil {
		return 0, err
	}
	field, _, _ := protowire.ConsumeTag(answer.ProtoReflect().GetUnknown())
	return field, nil
}

func cancel(e *engine, conn *grpc.ClientConn) error {
	const streams = 1000
	var took []time.Duration
	for i := range streams {
		id := "cancel-" + strconv.Itoa(i)
		ctx, cancel := context.WithCancel(context.Background())
		if _, err := call(ctx, conn, id, 1000); err != nil {
			cancel()
			return err
		}
		asked := time.Now()
		cancel()
		var seen any
		for found := false; !found; {
			if seen, found = e.cancelled.Load(id); !found {
				if time.Since(asked) > 5*time.Second {
					return fmt.Errorf("%s: not cancelled after 5 s", id)
				}
				time.Sleep(100 * time.Microsecond)
			}
		}
		took = append(took, seen.(time.Time).Sub(asked))
	}
	sort.Slice(took, func(a, b int) bool { return took[a] < took[b] })
	p99 := took[streams*99/100]
	fmt.Printf("cancel: %d streams, caller's cancel to the engine's p50 %.1f ms, p99 %.1f ms, longest %.1f ms\n",
		streams, ms(took[streams/2]), ms(p99), ms(took[streams-1]))
	if p99 > mostCancel {
		return fmt.Errorf("cancel: p99 %v (expected: at most %v)", p99, mostCancel)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// What left the engine lies in four places: the gateway's two sides, the caller's HTTP/2 window and what this engine's own library takes
// without waiting; the last two are 64 KiB each and not the gateway's.
const othersKiB = 64 + 64

func stall(e *engine, conn *grpc.ClientConn) error {
	for _, size := range []int{6, 1024} {
		e.chunk, e.pause = strings.Repeat("x", size), 0
		e.sentBytes.Store(0)
		ctx, cancel := context.WithCancel(context.Background())
		if _, err := call(ctx, conn, "stall", 100_000); err != nil {
			cancel()
			return err
		}
		last := int64(-1)
		for now := e.sentBytes.Load(); now != last; now = e.sentBytes.Load() {
			last = now
			time.Sleep(2 * time.Second)
		}
		cancel()
		held := last/1024 - othersKiB
		fmt.Printf("stall: tokens of %d bytes: %d KiB left the engine for a caller who reads nothing, at most %d KiB of it held by the gateway\n",
			size, last/1024, held)
		if held > mostHeldKiB {
			return fmt.Errorf("stall: %d KiB held (expected: at most %d KiB)", held, mostHeldKiB)
		}
	}
	return nil
}

// failover counts what a refused request loses between two engines.
func failover(e, other *engine, conn *grpc.ClientConn) error {
	const streams, failovers = 10_000, 500
	for i := 0; e.asked.Load() == 0 || other.asked.Load() == 0; i++ { // until both are found
		if _, err := call(context.Background(), conn, "early-"+strconv.Itoa(i), 1); err != nil {
			return err
		}
	}
	e.refuses, e.pause, other.pause = 8, 0, 0 // one request in sixteen: the budget for retries is one in ten
	var took []time.Duration
	for i := 0; i < streams && len(took) < failovers; i++ {
		id := "failover-" + strconv.Itoa(i)
		ctx, cancel := context.WithCancel(context.Background())
		_, err := call(ctx, conn, id, 1)
		cancel()
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		if refused, was := e.refused.Load(id); was {
			received, found := other.received.Load(id)
			if !found {
				return fmt.Errorf("%s: answered by nobody known", id)
			}
			took = append(took, received.(time.Time).Sub(refused.(time.Time)))
		}
	}
	if len(took) < failovers {
		return fmt.Errorf("failover: %d of %d requests were refused (expected: %d)", len(took), streams, failovers)
	}
	sort.Slice(took, func(a, b int) bool { return took[a] < took[b] })
	p99 := took[failovers*99/100]
	fmt.Printf("failover: %d requests refused by one engine, until another had them p50 %.1f ms, p99 %.1f ms, longest %.1f ms\n",
		failovers, ms(took[failovers/2]), ms(p99), ms(took[failovers-1]))
	if p99 > mostFailover {
		return fmt.Errorf("failover: p99 %v (expected: at most %v)", p99, mostFailover)
	}
	return nil
}

func sigterm(conn *grpc.ClientConn, pid int) error {
	const streams = 500
	var open, whole sync.WaitGroup
	var completed, cut atomic.Int64
	open.Add(streams)
	whole.Add(streams)
	for i := range streams {
		go func() {
			defer whole.Done()
			stream, err := call(context.Background(), conn, "term-"+strconv.Itoa(i), 400)
			open.Done()
			last := protowire.Number(0)
			for err == nil {
				var field protowire.Number
				if field, err = next(stream); err == nil {
					last = field
				}
			}
			if err == io.EOF && last == 3 {
				completed.Add(1)
			} else {
				cut.Add(1)
			}
		}()
	}
	open.Wait()
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	_, err := call(context.Background(), conn, "late", 1)
	whole.Wait()
	fmt.Printf("sigterm: %d streams open, %d completed, %d cut; a new one meanwhile: %v\n", streams, completed.Load(), cut.Load(), err)
	if cut.Load() > 0 {
		return fmt.Errorf("sigterm: %d streams were cut (expected: 0)", cut.Load())
	}
	return nil
}

func run(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: promises cancel|stall|sigterm|failover HOST:PORT [PID]")
	}
	e := &engine{chunk: "token ", pause: tokenPause}
	other := &engine{chunk: "token ", pause: tokenPause}
	if err := errors.Join(e.serve(engineAddress), other.serve(otherAddress)); err != nil {
		return err
	}
	conn, err := grpc.NewClient("passthrough:///"+args[1], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithInitialWindowSize(64<<10), grpc.WithInitialConnWindowSize(64<<10)) // fixed: without these it grows with the traffic
	if err != nil {
		return err
	}
	// the gateway finds its backend within a moment
	deadline := time.Now().Add(30 * time.Second)
	for _, err = call(context.Background(), conn, "hello", 1); err != nil; _, err = call(context.Background(), conn, "hello", 1) {
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
	switch args[0] {
	case "cancel":
		return cancel(e, conn)
	case "stall":
		return stall(e, conn)
	case "sigterm":
		pid, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return sigterm(conn, pid)
	case "failover":
		return failover(e, other, conn)
	default:
		return fmt.Errorf("%s: unknown (expected: cancel, stall, sigterm or failover)", args[0])
	}
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "promises:", err)
		os.Exit(1)
	}
}
