package cli

import (
	"slices"
	"strings"
	"unicode/utf8"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// takes is how much of the line an option claims for its value.
type takes int

const (
	takesOne   takes = iota // the next argument, whatever else is missing
	takesTruth              // the next argument when it is "true" or "false"
	takesMaybe              // the next argument unless it looks like an option
)

// known is an option that a level knows.
type known struct {
	name, alias, camel string
	takes              takes
	// option is its declaration; nil for help and version.
	option *pluginv1.Option
}

var (
	helpOption    = known{name: "help", alias: "h", takes: takesTruth}
	versionOption = known{name: "version", alias: "v", takes: takesTruth}
)

// The root and the groups read with the same two options, so that a flag before
// the command takes no word away from it. That a group does not know the
// version is for above to say.
var upperOptions = []known{helpOption, versionOption}

func commandOptions(c *pluginv1.Command) []known {
	all := make([]known, 1, len(c.GetOptions())+1)
	all[0] = helpOption
	for _, o := range c.GetOptions() {
		all = append(all, known{
			name:   o.GetName(),
			alias:  o.GetAlias(),
			camel:  camelCase(o.GetName()),
			takes:  kindTakes(o.GetKind()),
			option: o,
		})
	}
	return all
}

func kindTakes(k pluginv1.OptionKind) takes {
	switch k {
	case pluginv1.OptionKind_OPTION_KIND_FLAG, pluginv1.OptionKind_OPTION_KIND_BOOL:
		return takesTruth
	case pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT:
		return takesMaybe
	case pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED,
		pluginv1.OptionKind_OPTION_KIND_TEXT,
		pluginv1.OptionKind_OPTION_KIND_LIST,
		pluginv1.OptionKind_OPTION_KIND_NUMBER:
	}
	return takesOne
}

// camelCase spells "dg-type" as "dgType"; it is empty for other names.
func camelCase(name string) string {
	if !strings.Contains(name, "-") {
		return ""
	}
	parts := strings.Split(name, "-")
	for i, p := range parts[1:] {
		if p != "" {
			parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

// given is what a line says of one option.
type given struct {
	// values as they were typed; of flags also what they mean without a value.
	values []string
	// at orders options by their first appearance.
	at int
}

func (g *given) last() string {
	if g == nil || len(g.values) == 0 {
		return ""
	}
	return g.values[len(g.values)-1]
}

// reading is a line as one level understands it.
type reading struct {
	words  []string // positional arguments
	places []int    // where they stand in the line
	level  int      // how many of them lead to the command
	// literal is how many words follow a "--", and so are nothing but words.
	literal int
	// taken is how many words after the command are arguments of it.
	taken int
	// given has an entry for each known option, nil for an absent one.
	given []*given
	// unknown are names nobody knows, each once; also spellings of the version,
	// which only the root knows.
	unknown []string
	// missing is the last option that lacks its value.
	missing   string
	isMissing bool
}

// read splits a line. The rules are the peer's: dashes are not counted, a
// value follows a blank or "=", an unknown option takes the next argument.
func read(args []string, options []known) *reading {
	r := &reading{given: make([]*given, len(options))}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			for j := i + 1; j < len(args); j++ {
				r.word(args[j], j)
			}
			r.literal = len(args) - i - 1
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			r.word(arg, i)
			continue
		}
		i += r.option(args, i, options)
	}
	return r
}

func (r *reading) word(word string, place int) {
	r.words = append(r.words, word)
	r.places = append(r.places, place)
}

// arguments gives the words after the command to the arguments in their order,
// and the last one all that are left if it is a list.
func (r *reading) arguments(options []known) {
	for k, o := range options {
		if !o.option.GetPositional() {
			continue
		}
		for r.level+r.taken < len(r.words) {
			if r.given[k] == nil {
				r.given[k] = &given{at: r.places[r.level+r.taken]}
			}
			r.given[k].values = append(r.given[k].values, r.words[r.level+r.taken])
			r.taken++
			if o.option.GetKind() != pluginv1.OptionKind_OPTION_KIND_LIST {
				break
			}
		}
	}
}

// option reads the option at args[i] and returns how many further arguments
// belong to it.
func (r *reading) option(args []string, i int, options []known) int {
	name, value, joined := splitOption(args[i])
	var next *string
	if i+1 < len(args) {
		next = &args[i+1]
	}
	k, negated := find(options, args[i], name, joined)
	if k < 0 {
		return r.stranger(options, args[i], name, joined, next)
	}
	if options[k] == versionOption {
		r.note(name)
	}
	used := 0
	switch {
	case negated:
		value = "false"
	case joined:
	default:
		var ok bool
		if value, used, ok = take(options[k].takes, next); !ok {
			r.missing, r.isMissing = name, true
			return 0
		}
	}
	if r.given[k] == nil {
		r.given[k] = &given{at: i}
	}
	r.given[k].values = append(r.given[k].values, value)
	return used
}

// stranger notes an option that nobody knows. It takes the next argument, lest
// that be taken for a word; only "--no-" before a name takes nothing.
func (r *reading) stranger(options []known, arg, name string, joined bool, next *string) (used int) {
	rest, off := strings.CutPrefix(arg, "--no-")
	switch {
	case joined:
	case off && rest != "":
		if lookUp(options, rest) < 0 {
			name = rest
		}
	case next != nil && !looksLikeOption(*next):
		used = 1
	}
	r.note(name)
	return used
}

func (r *reading) note(name string) {
	if !slices.Contains(r.unknown, name) {
		r.unknown = append(r.unknown, name)
	}
}

// splitOption returns the name without dashes and, when joined, the value
// after "=".
func splitOption(arg string) (name, value string, joined bool) {
	body := strings.TrimLeft(arg, "-")
	if body == "" {
		return "-", "", false
	}
	name, value, joined = strings.Cut(body, "=")
	if name == "" {
		return body, "", false
	}
	return name, value, joined
}

// find returns the place of the option, or -1, and whether "no-" turns it off.
func find(options []known, arg, name string, joined bool) (k int, negated bool) {
	if k = lookUp(options, name); k >= 0 {
		return k, false
	}
	rest, ok := strings.CutPrefix(arg, "--no-")
	if !ok || joined {
		return -1, false
	}
	if k = lookUp(options, rest); k >= 0 && options[k].takes == takesTruth {
		return k, true
	}
	return -1, false
}

func lookUp(options []known, name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(options, func(o known) bool {
		return !o.option.GetPositional() && (name == o.name || name == o.alias || name == o.camel)
	})
}

func take(t takes, next *string) (value string, used int, ok bool) {
	switch t {
	case takesTruth:
		if next != nil && (*next == "true" || *next == "false") {
			return *next, 1, true
		}
		return "true", 0, true
	case takesMaybe:
		if next != nil && !looksLikeOption(*next) {
			return *next, 1, true
		}
		return "", 0, true
	case takesOne:
	}
	if next == nil || (*next != "-" && looksLikeOption(*next)) {
		return "", 0, false
	}
	return *next, 1, true
}

// looksLikeOption tells an option, or a lone dash, from a value; a negative
// number is a value.
func looksLikeOption(s string) bool {
	return strings.HasPrefix(s, "-") && (len(s) == 1 || s[1] < '0' || s[1] > '9')
}

// wantsHelp says that the line asks for the help of this level.
func (r *reading) wantsHelp() bool { return r.given[0].last() == "true" || r.helpWord() }

// helpWord says that the last positional argument is the command word "help".
func (r *reading) helpWord() bool {
	n := len(r.words)
	return r.literal == 0 && n > 0 && r.words[n-1] == "help"
}

// cleanArgs makes arguments valid UTF-8, which the contract demands of texts.
func cleanArgs(args []string) []string {
	if !slices.ContainsFunc(args, func(s string) bool { return !utf8.ValidString(s) }) {
		return args
	}
	clean := slices.Clone(args)
	for i, s := range clean {
		if !utf8.ValidString(s) {
			clean[i] = string([]rune(s))
		}
	}
	return clean
}
