package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/emptypb"
)

// grpcTarget speaks sluice.v1.Inference/Generate, to the stub and to any gateway before it.
type grpcTarget struct {
	conns   []*grpc.ClientConn
	request *emptypb.Empty
}

func newGRPCTarget(address string) (*grpcTarget, error) {
	t := &grpcTarget{request: request()}
	for range *connections {
		conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return nil, err
		}
		t.conns = append(t.conns, conn)
	}
	return t, nil
}

// request is a GenerateRequest: model, text, most output tokens, and a budget that every engine meets.
func request() *emptypb.Empty {
	text := func(message []byte, field protowire.Number, value string) []byte {
		return protowire.AppendString(protowire.AppendTag(message, field, protowire.BytesType), value)
	}
	nested := func(message []byte, field protowire.Number, body []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(message, field, protowire.BytesType), body)
	}
	number := func(field protowire.Number, value uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, field, protowire.VarintType), value)
	}
	message := text(nil, 1, "stub")
	message = text(message, 2, strings.Repeat("tok ", *promptBytes/4))
	message = nested(message, 5, number(1, uint64(*tokens)))
	message = nested(message, 6, nested(nil, 1, number(1, 30))) // 30 s to the first token
	empty := &emptypb.Empty{}
	empty.ProtoReflect().SetUnknown(message)
	return empty
}

func (t *grpcTarget) call(ctx context.Context, n int, token func()) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := t.conns[n%len(t.conns)].NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/sluice.v1.Inference/Generate")
	if err != nil {
		return err
	}
	if err := stream.SendMsg(t.request); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	seen := 0
	done := false
	for {
		var answer emptypb.Empty
		err := stream.RecvMsg(&answer)
		switch {
		case err == io.EOF && done && seen == *tokens:
			return nil
		case err == io.EOF:
			return fmt.Errorf("stream cut: %d of %d tokens, finished: %t", seen, *tokens, done)
		case err != nil:
			return err
		}
		switch field, _, _ := protowire.ConsumeTag(answer.ProtoReflect().GetUnknown()); field {
		case 2:
			token()
			seen++
		case 3:
			done = true
		}
	}
}
