package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func TestWhatGoesWrongInATrainingIsInSpanish(t *testing.T) {
	inSpanish(t)
	files := token.NewFileSet()
	sources, err := filepath.Glob("../core/app/predict*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range sources {
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 4 || literal(call.Args[1]) != "app.train" && literal(call.Args[1]) != "app.model" {
				return true
			}
			if text := literal(call.Args[2]); text != "" {
				found++
				if kit.ErrorText(core.NewError(core.CodeConflict, "", text, nil)) == text {
					t.Errorf("%s: no Spanish for %q in kit.ErrorText", files.Position(n.Pos()), text)
				}
			}
			return true
		})
	}
	if found < 5 {
		t.Errorf("only %d sentences found: the collector is broken", found)
	}
}

// literal is the text of a literal; "" of anything else.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}
