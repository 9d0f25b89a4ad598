package builder_test

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
)

func Example() {
	const device = `@include once "led.nut"
@if PRODUCT == "lamp"
@repeat 2
blink(@{loop.iteration}, @{PERIOD / 1000});
@end
@else
@error "There is no " + PRODUCT + " yet"
@end
`
	files := buildertest.Files{"led.nut": "@set PERIOD = 500\nfunction blink(led, seconds) { /* … */ }\n"}
	result, err := builder.Build(context.Background(), device, builder.Place{File: "device.nut", Path: "/case"}, builder.Settings{
		Reader:    files,
		Variables: map[string]any{"PRODUCT": "lamp"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(result.Text)
	from, _ := result.Position(3)
	fmt.Println("line 3 comes from", from)
	// Output:
	// function blink(led, seconds) { /* … */ }
	// blink(1, 0.5);
	// blink(2, 0.5);
	// line 3 comes from /case/device.nut:4
}
