package main

import (
	"context"
	"fmt"
	"os"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// vandal changes things without a word, and ends as text says.
func vandal(ctx context.Context, c *call) error {
	_, err := c.ask(ctx, post, `{"data":{"type":"product","attributes":{"name":"Barometer"}}}`, []string{"products"})
	c.tried("create", "created", err)
	_, err = c.ask(ctx, patch, `{"data":{"type":"product","id":"p-1","attributes":{"description":"mine"}}}`, []string{"products", "p-1"})
	c.tried("update", "updated", err)
	_, err = c.ask(ctx, post, "", []string{"devices", "d-1", "restart"})
	c.tried("restart", "restarted", err)
	_, err = c.ask(ctx, del, "", []string{"webhooks", "w-1"})
	c.tried("denied", "deleted", err)
	_, err = c.ask(ctx, del, "", []string{"products", "nothing"})
	c.tried("missing", "deleted", err)
	c.file()
	fmt.Fprintln(os.Stderr, "first\nsecond \x1b[31mred")
	switch c.text("text") {
	case "exit":
		os.Exit(3)
	case "halfway":
		go func() { _, _ = c.ask(ctx, patch, `{"data":{"type":"device","id":"d-1"}}`, []string{"devices", "d-1"}) }()
		<-ctx.Done()
	case "hang":
		forever()
	}
	return status.Error(codes.Internal, "no fault")
}
