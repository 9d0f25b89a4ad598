package squirrel

// localVar is one declaration of a local. Captured ones live in a box.
type localVar struct {
	name     string
	captured bool
	slot     int
}

type (
	expr interface{ at() position }

	node struct{ pos position }

	literal struct {
		node
		val Value
	}
	thisExpr struct{ node }
	rootExpr struct{ node }
	baseExpr struct{ node }
	// localExpr is a local of this function or, with an index of outers, of one around it.
	localExpr struct {
		node
		local *localVar
		outer int // -1: of this function
	}
	// nameExpr is a name that is looked up in this and then in the root table.
	nameExpr struct {
		node
		name string
	}
	indexExpr struct {
		node
		obj, key expr
	}
	callExpr struct {
		node
		fn   expr
		args []expr
	}
	unaryExpr struct {
		node
		op  string
		val expr
	}
	// stepExpr is ++ or --.
	stepExpr struct {
		node
		target  expr
		by      int
		postfix bool
	}
	binaryExpr struct {
		node
		op   string
		a, b expr
	}
	logicExpr struct {
		node
		and  bool
		a, b expr
	}
	condExpr struct {
		node
		cond, yes, no expr
	}
	// assignExpr has op "=", "<-" or the sign of a compound assignment.
	assignExpr struct {
		node
		op     string
		target expr
		val    expr
	}
	commaExpr struct {
		node
		list []expr
	}
	arrayExpr struct {
		node
		items []expr
	}
	tableExpr struct {
		node
		slots []slot
	}
	slot struct {
		key, val expr
		attrs    expr
		static   bool
	}
	funcExpr struct {
		node
		fn *function
	}
	classExpr struct {
		node
		base    expr
		attrs   expr
		members []slot
	}
	deleteExpr struct {
		node
		target *indexExpr
	}
)

func (n node) at() position { return n.pos }

// outerRef tells where a function finds a variable when it is made.
type outerRef struct {
	local *localVar
	outer int // -1: a local of the function around it, else its outer
}

// function is a parsed function.
type function struct {
	name     string
	pos      position
	params   []*localVar
	defaults []expr
	varargs  *localVar
	outers   []outerRef
	body     []stmt
	generate bool
	lastLine position
}

type (
	stmt interface{ at() position }

	exprStmt struct {
		node
		val expr
	}
	localStmt struct {
		node
		local *localVar
		val   expr
	}
	// blockStmt has locals of its own unless it is flat.
	blockStmt struct {
		node
		list []stmt
		flat bool
	}
	ifStmt struct {
		node
		cond    expr
		yes, no stmt
	}
	// loopStmt is for, while or do-while.
	loopStmt struct {
		node
		init stmt
		cond expr
		step expr
		body stmt
		last bool // the condition comes after the body
	}
	foreachStmt struct {
		node
		key, val *localVar
		of       expr
		body     stmt
	}
	switchStmt struct {
		node
		on    expr
		cases []switchCase
	}
	switchCase struct {
		val  expr // nil: default
		body []stmt
	}
	tryStmt struct {
		node
		body, handler stmt
		err           *localVar
	}
	// jumpStmt is break or continue.
	jumpStmt struct {
		node
		again bool
	}
	returnStmt struct {
		node
		val expr
	}
	yieldStmt struct {
		node
		val expr
	}
	throwStmt struct {
		node
		val expr
	}
)
