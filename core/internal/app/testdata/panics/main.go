// A plugin made with the sdk whose author has made mistakes.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/electricimp/impt/sdk"
)

func main() {
	fmt.Println("a line that an author prints before Serve")
	sdk.Serve(sdk.Group{
		Name:     "panics",
		Synopsis: "Has mistakes.",
		Vendor:   "stranger",
		Version:  "1.2.3",
		Contact:  "help@stranger.example",
		Commands: []sdk.Command{
			{Name: "panic", Synopsis: "Panics.", Run: stumble},
			{Name: "thread", Synopsis: "Panics elsewhere.", Run: func(ctx context.Context, _ *sdk.Call) error {
				go func() { panic("at \x1b[31mthe cinema") }()
				<-ctx.Done()
				return nil
			}},
			{Name: "print", Synopsis: "Prints.", Run: func(context.Context, *sdk.Call) error {
				fmt.Println("printed \x1b[31mwhile it ran")
				fmt.Fprintln(os.Stderr, "complained \x1b[31mwhile it ran")
				return nil
			}},
		},
	})
}

func stumble(context.Context, *sdk.Call) error { panic("at \x1b[31mthe disco") }
