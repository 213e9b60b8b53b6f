package main

import (
	"net"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/emptypb"
)

// serveGRPC answers sluice.v1.Inference/Generate as an engine would: admitted, paced tokens, finished. Messages are put together
// by hand as unknown fields of an empty message, so that nothing has to be generated.
func serveGRPC(listener net.Listener) error {
	server := grpc.NewServer(grpc.MaxConcurrentStreams(10_000))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "sluice.v1.Inference",
		HandlerType: (*any)(nil),
		Streams:     []grpc.StreamDesc{{StreamName: "Generate", ServerStreams: true, Handler: generate}},
	}, struct{}{})
	return server.Serve(listener)
}

const answerTokens = 32

var (
	admitted = event(1, nil)
	tokens   [answerTokens]*emptypb.Empty
	finished = event(3, finish())
)

func init() {
	for i := range tokens {
		var run []byte
		if i > 0 {
			run = number(run, 1, uint64(i))
		}
		run = number(run, 2, 1)
		run = protowire.AppendString(protowire.AppendTag(run, 3, protowire.BytesType), "t"+strconv.Itoa(i)+" ")
		tokens[i] = event(2, run)
	}
}

func finish() []byte {
	usage := number(number(nil, 1, 150), 2, answerTokens)
	return protowire.AppendBytes(protowire.AppendTag(number(nil, 1, 2), 2, protowire.BytesType), usage)
}

func number(message []byte, field protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(message, field, protowire.VarintType), value)
}

func event(field protowire.Number, body []byte) *emptypb.Empty {
	message := &emptypb.Empty{}
	message.ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), body))
	return message
}

func generate(_ any, stream grpc.ServerStream) error {
	var request emptypb.Empty
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	pace, err := newPacer(*ttft, *tpot)
	if err != nil {
		return err
	}
	defer pace.close()
	if err := stream.SendMsg(admitted); err != nil {
		return err
	}
	for sent := 0; sent < answerTokens; {
		due, err := pace.wait()
		if err != nil {
			return err
		}
		for ; due > 0 && sent < answerTokens; due-- {
			if err := stream.SendMsg(tokens[sent]); err != nil {
				return err
			}
			sent++
		}
	}
	return stream.SendMsg(finished)
}
