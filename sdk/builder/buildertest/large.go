package buildertest

import (
	"fmt"
	"strings"
)

// Large is a source of 5000 lines that includes 200 others, of 25 lines each, and
// has what real ones have: conditions, macros, inline expressions, loops.
func Large() (string, Files) {
	var b strings.Builder
	files := Files{}
	b.WriteString("@set DEBUG = true\n@macro log(text)\nserver.log(\"@{text|escape}\");\n@endmacro\n")
	for i := range 200 {
		for j := range 17 {
			fmt.Fprintf(&b, "local value%d = device.read(%d) * %d; // of table %d\n", j, j, i, i)
		}
		fmt.Fprintf(&b, "@include once \"lib/part%d.nut\"\n", i)
		fmt.Fprintf(&b, "@if DEBUG && %d %% 3 == 0\n@include log(\"part %d\")\n@else\nserver.log(@{%d * 2 + 1});\n@endif\n", i, i, i)
		fmt.Fprintf(&b, "const NAME%d = \"@{__FILE__}:@{__LINE__}\";\n@repeat 2\nfield@{loop.index}\n@end\n", i)
		var lib strings.Builder
		for j := range 22 {
			fmt.Fprintf(&lib, "function part%d_%d(a, b) { return a + b; }\n", i, j)
		}
		fmt.Fprintf(&lib, "@set PART%d = %d\nlocal p = @{PART%d + 1};\n@ a comment\n", i, i, i)
		files[fmt.Sprintf("lib/part%d.nut", i)] = lib.String()
	}
	return b.String(), files
}
