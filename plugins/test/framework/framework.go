// Package framework holds the test framework that runs in front of the code
// under test, on the device or in the agent.
//
// Its text needs Promise and JSONEncoder, which impCloud adds because of the
// two #require lines at its top, and leaves in the root table what the code
// after it may use: ImpTestCase, ImpUnitRunner, and both of them with the
// function mark in __module_impUnit_exports.
package framework

import _ "embed"

// Name is what to call the framework in #line and in messages.
const Name = "impt-test.nut"

// Source is the framework in Squirrel, in one piece without Builder directives.
//
//go:embed framework.nut
var Source string
