package builder

// directive is what a line is, or what a node of the tree comes from.
type directive uint8

const (
	output directive = iota // text, or the value of an inline expression
	include
	set
	condition
	elseif
	otherwise
	endif
	failure
	macro
	endmacro
	end
	while
	endwhile
	repeat
	endrepeat
	warning
)

var directives = map[string]directive{
	"include": include, "set": set, "if": condition, "elseif": elseif, "else": otherwise, "endif": endif,
	"error": failure, "macro": macro, "endmacro": endmacro, "end": end, "while": while, "endwhile": endwhile,
	"repeat": repeat, "endrepeat": endrepeat, "warning": warning,
}

var keywords = func() map[directive]string {
	names := map[directive]string{}
	for name, d := range directives {
		names[d] = name
	}
	return names
}()

// argues tells whether a directive has an argument.
func (d directive) argues() bool {
	switch d {
	case otherwise, endif, endmacro, end, endwhile, endrepeat:
		return false
	default:
		return true
	}
}

// closer is the special end of what a directive opens, or output if it opens
// nothing.
func (d directive) closer() directive {
	switch d {
	case condition:
		return endif
	case macro:
		return endmacro
	case while:
		return endwhile
	case repeat:
		return endrepeat
	default:
		return output
	}
}

// node is a piece of a source.
type node struct {
	directive directive
	line      int
	column    int // where its expression begins, counted from 1 in characters; 0 if unknown
	// text of an output, whose lines follow each other in the source; the
	// expression of an inline one; the argument of a directive.
	text   string
	inline *expression // an output that is not its text
	*block             // what a directive has besides
}

// block is what a directive has besides its argument.
type block struct {
	name     string // of a set
	once     bool   // an include
	body     []node
	branches []branch // of a condition: the further ones
	complete bool     // a condition whose else was read

	// slashed is the argument of an include with slashes for backslashes, as the
	// reference of a source is meant; empty if that is the same.
	slashed               string
	parsed, parsedSlashed *parsed // the argument, once it was needed
}

// branch is an elseif or an else, whose argument is empty.
type branch struct {
	text   string
	body   []node
	parsed *parsed
}

// parsed is the expression of a directive. It is parsed when it is executed:
// mistakes in what is not executed do no harm.
type parsed struct {
	expression *expression
	err        error
}

// parsedIn returns the expression that text is, which is kept in p.
func (x *expressions) parsedIn(p **parsed, text string) (*expression, error) {
	if *p == nil {
		e, err := x.parse(text)
		*p = &parsed{e, err}
	}
	return (*p).expression, (*p).err
}
