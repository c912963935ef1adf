package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// phases collects what the core hands to SetPhase, and the constants named after phases.
func phases(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files := token.NewFileSet()
	add := func(e ast.Expr, must bool) {
		if lit, ok := e.(*ast.BasicLit); ok {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Error(err)
			}
			found[s] = files.Position(e.Pos()).String()
		} else if _, named := e.(*ast.Ident); must && !named {
			t.Errorf("%s: a phase that is not written out cannot be translated", files.Position(e.Pos()))
		}
	}
	err := filepath.WalkDir("../core", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "SetPhase" {
					add(n.Args[0], true)
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if strings.HasPrefix(name.Name, "phase") && i < len(n.Values) {
						add(n.Values[i], false)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryPhaseOfTheCoreIsInSpanish(t *testing.T) {
	list := phases(t)
	if len(list) < 10 {
		t.Fatalf("only %d phases found: the collector is broken", len(list))
	}
	inSpanish(t)
	for phase, where := range list {
		if kit.ProgressText(core.ProgressState{Phase: phase}, time.Second) == phase {
			t.Errorf("%s: no Spanish for the phase %q in kit.phaseWord", where, phase)
		}
	}
}
