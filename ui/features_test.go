package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"deskwatch/ui/kit"
)

// TestEveryFeatureOfAModelIsInSpanish reads the names that core/predict gives what it computes.
func TestEveryFeatureOfAModelIsInSpanish(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "../core/predict/feature.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"owner", "customer", "words of the text", "product with channel", "wait for the first reply, compared with the usual of the team"}
	for _, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); !ok || fn.Name.Name != "derivedFeatures" {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					names = append(names, s)
				}
			}
			return true
		})
	}
	if len(names) < 30 {
		t.Fatalf("only %d names found: the collector is broken", len(names))
	}
	inSpanish(t)
	for _, name := range names {
		if kit.FeatureName(name) == name {
			t.Errorf("no Spanish for %q in kit.FeatureName", name)
		}
	}
	if got := kit.FeatureName("warehouse"); got != "warehouse" {
		t.Errorf("a column of the desk's own is called %q", got)
	}
}
