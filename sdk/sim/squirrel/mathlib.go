package squirrel

import (
	"maps"
	"math"
	"slices"
)

// randMax is the largest number that rand makes.
const randMax = 0x7fffffff

// mathLibrary is the table math, as imps have it, and its constants.
func mathLibrary(r *Table) {
	m := NewTable()
	functions := map[string]func(float64) float64{
		"sqrt": math.Sqrt, "sin": math.Sin, "cos": math.Cos, "asin": math.Asin, "acos": math.Acos, "tan": math.Tan,
		"atan": math.Atan, "log": math.Log, "log10": math.Log10, "exp": math.Exp, "floor": math.Floor, "ceil": math.Ceil,
		"fabs": math.Abs,
	}
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		Define(m, name, 1, 1, func(c *Call) (Value, error) {
			x, err := c.Float(0)
			return Float(functions[name](x)), err
		})
	}
	of2 := func(f func(x, y float64) float64) NativeFunc {
		return func(c *Call) (Value, error) {
			x, err := c.Float(0)
			if err != nil {
				return Null, err
			}
			y, err := c.Float(1)
			return Float(f(x, y)), err
		}
	}
	Define(m, "pow", 2, 2, of2(math.Pow))
	Define(m, "atan2", 2, 2, of2(math.Atan2))
	Define(m, "abs", 1, 1, func(c *Call) (Value, error) {
		n, err := c.Int(0)
		return Int(max(n, -n)), err
	})
	Define(m, "rand", 0, 0, func(c *Call) (Value, error) { return Int(c.VM.rand()), nil })
	Define(m, "srand", 1, 1, func(c *Call) (Value, error) {
		n, err := c.Int(0)
		c.VM.random = uint32(n) //nolint:gosec // G115: any number is a seed
		return Null, err
	})
	r.SetString("math", m.Value())
	r.SetString("PI", Float(math.Pi))
	r.SetString("RAND_MAX", Int(randMax))
}

// rand is the next pseudo-random number; the same ones in every VM.
func (vm *VM) rand() int {
	next := func() uint32 {
		vm.random = vm.random*1664525 + 1013904223
		return vm.random >> 16
	}
	return int(next()<<16|next()) & randMax
}
