package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

func TestWhatGoesWrongInATrainingIsInSpanish(t *testing.T) {
	inSpanish(t)
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "../core/app/predicttrain.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 4 {
			return true
		}
		lit, written := call.Args[2].(*ast.BasicLit)
		if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || sel.Sel.Name != "NewError" || !written {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Error(err)
		}
		found++
		if kit.ErrorText(core.NewError(core.CodeConflict, "", text, nil)) == text {
			t.Errorf("%s: no Spanish for %q in kit.ErrorText", files.Position(lit.Pos()), text)
		}
		return true
	})
	if found < 3 {
		t.Errorf("only %d sentences found: the collector is broken", found)
	}
}
