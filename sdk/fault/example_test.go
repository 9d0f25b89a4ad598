package fault_test

import (
	"errors"
	"fmt"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// A failure that users know has its sentence here. What was being done is wrapped
// around it, for debug output.
func Example() {
	err := fmt.Errorf("labelling: %w", fault.NotFound(entity.Device, "meter-7"))
	f, _ := fault.Of(err)
	fmt.Println(f.Sentence)
	fmt.Println(fault.Is(err, fault.NotFoundKind))
	// Output:
	// Device "meter-7" is not found.
	// true
}

// A command that fails halfway tells what was done and what was not.
func ExampleHalfway() {
	err := fault.Halfway(errors.New("the printer has no paper"),
		[]string{"The label of meter-1 is printed."}, []string{"The label of meter-2 is not printed."})
	f, _ := fault.Of(err)
	fmt.Println(f.Sentence)
	fmt.Println(f.Done, f.Undone)
	// Output:
	// the printer has no paper.
	// [The label of meter-1 is printed.] [The label of meter-2 is not printed.]
}

// A failure of your own has a kind, a sentence, and what to do about it.
func ExampleFault() {
	var err error = &fault.Fault{
		Kind:     fault.ConflictKind,
		Sentence: "The build was approved already.",
		Hints:    []string{"Withdraw the approval first."},
	}
	fmt.Println(err)
	// Output: The build was approved already.
}
