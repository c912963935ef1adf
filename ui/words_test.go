package ui

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"deskwatch/assets"
	"deskwatch/core"
	"deskwatch/ui/kit"
)

// spoken collects the literals that the window hands to kit.T and kit.N, with where.
func spoken(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		inKit := f.Name.Name == "kit"
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, arg := range call.Args[:min(len(call.Args), keysOf(call.Fun, inKit))] {
				lit, ok := arg.(*ast.BasicLit)
				if !ok {
					if !inKit {
						t.Errorf("%s: a text that is not written out cannot be translated", files.Position(arg.Pos()))
					}
					continue
				}
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Error(err)
				}
				found[s] = files.Position(arg.Pos()).String()
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

// phrasesOfFilters collects what the core says about a filter: its whole sentences, and the hints of
// its fields.
func phrasesOfFilters(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files := token.NewFileSet()
	sources, err := filepath.Glob("../core/tickets/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range sources {
		if name := filepath.Base(path); strings.HasSuffix(name, "_test.go") || !strings.HasPrefix(name, "query") && name != "indexfilter.go" && name != "indexstatus.go" {
			continue
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		add := func(e ast.Expr, all bool) {
			lit, ok := e.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return
			}
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Error(err)
			}
			if all || strings.Contains(s, " ") && strings.HasSuffix(s, ".") {
				found[s] = files.Position(e.Pos()).String()
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				key, named := pair.Key.(*ast.Ident)
				add(pair.Value, named && key.Name == "hint")
			}
			if e, ok := n.(ast.Expr); ok {
				add(e, false)
			}
			return true
		})
	}
	return found
}

// keysOf is how many of the first arguments of a call are keys.
func keysOf(fun ast.Expr, inKit bool) int {
	name := ""
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "kit" {
			name = f.Sel.Name
		}
	case *ast.Ident:
		if inKit {
			name = f.Name
		}
	}
	return map[string]int{"T": 1, "N": 2}[name]
}

func TestEveryTextOfTheWindowIsInSpanishAndNoEntryIsLeftOver(t *testing.T) {
	spanish, err := assets.Translations("es")
	if err != nil {
		t.Fatal(err)
	}
	texts, phrases := spoken(t), phrasesOfFilters(t)
	if len(texts) < 100 || len(phrases) < 40 {
		t.Fatalf("only %d texts and %d phrases found: the collector is broken", len(texts), len(phrases))
	}
	maps.Copy(texts, phrases)
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		switch es, ok := spanish[key]; {
		case !ok || es == "":
			t.Errorf("%s: no Spanish for %q", texts[key], key)
		case verbs(es) != verbs(key):
			t.Errorf("%q has %q where the Spanish has %q", key, verbs(key), verbs(es))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(spanish)) {
		if texts[key] == "" {
			t.Errorf("nothing says %q any more", key)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d)\])?([a-z])`)

// verbs lists the formats of a text by the argument they take, which a translation may use in
// another order, or twice.
func verbs(s string) string {
	var list []string
	for i, m := range verb.FindAllStringSubmatch(s, -1) {
		arg := m[1]
		if arg == "" {
			arg = strconv.Itoa(i + 1)
		}
		list = append(list, arg+m[2])
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}

// inSpanish makes the window Spanish for one test.
func inSpanish(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the language is set by the environment on Linux only")
	}
	t.Cleanup(func() { // runs after the environment is what it was before
		if err := loadWords("es"); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("LANG", "es_ES.UTF-8")
	t.Setenv("LC_ALL", "")
	t.Setenv("LANGUAGE", "")
	if err := loadWords("es"); err != nil {
		t.Fatal(err)
	}
}

func TestSpanishWordsReachTheWindow(t *testing.T) {
	inSpanish(t)
	w := wordsFor(quietStatus(), noon)
	if w.watcher != "Vigilando" || w.book != "SQLite · 120.201 pedidos" {
		t.Errorf("the status line says %q and %q", w.watcher, w.book)
	}
	if got := kit.Decimal(9.83, 1) + " " + kit.Bytes(12_400_000); got != "9,8 12,4 MB" {
		t.Errorf("numbers with a decimal read %q", got)
	}
	if got := kit.ErrorText(context.Canceled); !strings.HasPrefix(got, "Se ha parado") {
		t.Errorf("what was stopped reads %q", got)
	}
	if got := kit.Said(core.Phrase{Format: "“%s” needs a number behind it.", Args: []any{"risk:>"}}); got != "Falta un número detrás de “risk:>”." {
		t.Errorf("a note of a filter reads %q", got)
	}
}
