package squirrel

// defaultDelegates are the functions that all values of a type have.
func defaultDelegates() (types [len(kindNames)]*Table) {
	return types
}
