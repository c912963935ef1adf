package orders

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"deskwatch/core"
)

// maxPatterns and maxPatternBytes bound what a settings field can make every row cost.
const (
	maxPatterns     = 50
	maxPatternBytes = 1000
)

// Identities recognises the customer values that count. It is immutable and may be used
// by several goroutines.
type Identities struct {
	patterns []identityPattern
}

type identityPattern struct {
	re   *regexp.Regexp
	name int // index of the group "name", -1 without one
}

// NewIdentities compiles customer patterns; none means core.DefaultCustomerPatterns. A
// pattern that does not compile fails with core.CodeInvalid and a sentence that names it.
func NewIdentities(patterns []string) (*Identities, error) {
	if len(patterns) == 0 {
		patterns = core.DefaultCustomerPatterns()
	}
	if len(patterns) > maxPatterns {
		return nil, invalidPattern(fmt.Sprintf("There are %d customer patterns; %d is the most.", len(patterns), maxPatterns), nil)
	}
	ids := &Identities{}
	for _, p := range patterns {
		compiled, err := compileIdentity(p)
		if err != nil {
			return nil, err
		}
		ids.patterns = append(ids.patterns, compiled)
	}
	return ids, nil
}

func compileIdentity(pattern string) (identityPattern, error) {
	if strings.TrimSpace(pattern) == "" {
		return identityPattern{}, invalidPattern("A customer pattern is empty. Write a regular expression, or remove it.", nil)
	}
	if len(pattern) > maxPatternBytes {
		return identityPattern{}, invalidPattern(fmt.Sprintf("A customer pattern is longer than %d characters. Write a shorter one, or several.", maxPatternBytes), nil)
	}
	// Compiled alone first: "a)(b" would only become valid inside the brackets below.
	_, err := regexp.Compile(pattern)
	var re *regexp.Regexp
	if err == nil {
		// The whole value has to match, whatever the pattern's own flags make of ^ and $.
		re, err = regexp.Compile(`\A(?:` + pattern + `)\z`)
	}
	if err != nil {
		why := "it is not a regular expression"
		var se *syntax.Error
		if errors.As(err, &se) {
			why = se.Code.String()
		}
		return identityPattern{}, invalidPattern(fmt.Sprintf("The customer pattern %q cannot be used: %s. Correct it, or remove it.", pattern, why), err)
	}
	return identityPattern{re: re, name: re.SubexpIndex("name")}, nil
}

func invalidPattern(message string, cause error) error {
	return core.NewError(core.CodeInvalid, "orders.identities", message, cause)
}

// Match reports whether the whole value is an identity, and the client's name its pattern
// gives: "my-shop_123" is an identity, "my-shop" the name. name is "" when the pattern
// has no group called name. Patterns are tried in order, the first match counts.
func (ids *Identities) Match(value string) (name string, ok bool) {
	for _, p := range ids.patterns {
		if p.name < 0 {
			if p.re.MatchString(value) {
				return "", true
			}
			continue
		}
		if at := p.re.FindStringSubmatchIndex(value); at != nil {
			if from := at[2*p.name]; from >= 0 {
				name = value[from:at[2*p.name+1]]
			}
			return name, true
		}
	}
	return "", false
}

// Recognises is Match without the name.
func (ids *Identities) Recognises(value string) bool {
	for _, p := range ids.patterns {
		if p.re.MatchString(value) {
			return true
		}
	}
	return false
}
