package squirrel

type opcode uint8

// The instructions. Each line says what it takes from the stack → leaves.
const (
	opNull       opcode = iota // → null
	opTrue                     // → true
	opFalse                    // → false
	opInt                      // → integer a
	opConst                    // → constant a
	opThis                     // → this
	opRoot                     // → the root table
	opBase                     // → the base class of the function's class
	opLocal                    // → local a
	opBox                      // → captured local a
	opOuter                    // → outer a
	opSetLocal                 // value → value
	opSetBox                   // value → value
	opSetOuter                 // value → value
	opStoreLocal               // value →
	opNewBox                   // value → ; local a is a new box
	opPop                      // value →
	opDup                      // value → value value
	opGet                      // object key → value; b: of this
	opGetK                     // object → value of constant a; b: of this
	opGetName                  // → value of constant a in this or the root table
	opSet                      // object key value → value; b: of this
	opSetName                  // value → value
	opNewSlot                  // object key value → value
	opDelete                   // object key → value
	opMethod                   // object key → function object
	opMethodK                  // object → function object
	opCall                     // function this arguments(a) → value
	opTailCall                 // the same, as the function's value
	opAdd                      // a b → a+b
	opSub
	opMul
	opDiv
	opMod
	opBitAnd
	opBitOr
	opBitXor
	opShiftLeft
	opShiftRight
	opShiftUnsigned
	opEqual
	opNotEqual
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opCompare
	opIn
	opInstanceOf
	opNegate // a → -a
	opNot
	opBitNot
	opTypeof
	opClone
	opResume
	opJump      // to a
	opJumpFalse // value → ; to a
	opAnd       // value → value; to a when false, else value →
	opOr        // value → value; to a when true, else value →
	opNewTable  // → table
	opNewArray  // → array
	opAppend    // array value → array
	opTableSlot // table key value → table
	opClosure   // defaults → function a
	opClass     // base? attributes? → class; a: 1 base, 2 attributes
	opMember    // class key value attributes? → class; a: 1 static, 2 attributes
	opStep      // object key → value; a: by, b: 1 of this, 2 postfix
	opStepLocal // → value; local a, b: by<<1 | postfix
	opCompound  // object key value → value; a: opcode, b: of this
	opThrow     // value →
	opReturn    // value →
	opReturnNull
	opYield   // value →
	opForeach // the next of local a, state a+1, to a+2 and a+3; to b at the end
)

type instruction struct {
	op   opcode
	a, b int32
}

// place is a line of a file for an instruction.
type place struct{ file, line int32 }

// capture tells where a new closure finds an outer.
type capture struct {
	outer bool // an outer of the maker, else a boxed local of it
	index int
}

// guard is a range of instructions whose errors go to catch.
type guard struct{ from, to, catch int }

// scopedLocal is a local by name, for getstackinfos.
type scopedLocal struct {
	name     string
	slot     int
	from, to int
}

// proto is a compiled function.
type proto struct {
	name     string
	files    *[]string
	code     []instruction
	places   []place
	consts   []Value
	protos   []*proto
	captures []capture
	params   []string
	defaults int
	varargs  bool
	generate bool
	boxed    []int // parameters that are captured
	locals   int   // slots below the operands
	operands int
	guards   []guard
	scoped   []scopedLocal
	pos      position
}

func (p *proto) file(at int) (string, int) {
	if at < 0 || at >= len(p.places) {
		return "", 0
	}
	return (*p.files)[p.places[at].file], int(p.places[at].line)
}
