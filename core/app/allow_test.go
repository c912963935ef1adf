package app

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"deskwatch/core"
)

// unguarded are the operations that ask nobody's permission, and why.
var unguarded = map[string]string{
	"FirstOrRaise": "life of the process", "FollowTickets": "life of the process", "StartWatching": "life of the process",
	"WatchWhenFree": "life of the process", "Stop": "life of the process",
	"Looked": "says that the window is in front of somebody", "Notify": "shows what the window hands it",
	"Ready":  "says only whether the desk answers",
	"Status": "the status line, which the shell shows to who signed in",
	"SignIn": "asks for the password", "SignOut": "of who sits here", "Lock": "of who sits here",
	"CreateFirstAdmin": "fails once a user can sign in", "PutOffFirstAdmin": "does nothing once a user can sign in",
	"ChangePassword": "asks for the password in use",
}

// TestEveryOperationAsksWhoMay reads the source: an exported operation that takes a context
// and does not ask is open to everybody who reaches the window or the REST server.
func TestEveryOperationAsksWhoMay(t *testing.T) {
	files := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() || !takesContext(f) || !isApp(f) {
				continue
			}
			seen++
			if _, open := unguarded[f.Name.Name]; !open && !asks(f) {
				t.Errorf("%s: %s does not ask whether its caller may", files.Position(f.Pos()), f.Name.Name)
			}
		}
	}
	if seen < 80 {
		t.Errorf("%d operations were found only", seen)
	}
}

func isApp(f *ast.FuncDecl) bool {
	p, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := p.X.(*ast.Ident)
	return ok && name.Name == "App"
}

func takesContext(f *ast.FuncDecl) bool {
	for _, p := range f.Type.Params.List {
		if s, ok := p.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Context" {
			return true
		}
	}
	return false
}

// asks reports whether f asks by itself, or hands all to another operation or to a change of
// settings that does.
func asks(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "allow") {
				found = true
			}
		}
		return !found
	})
	return found
}

func TestWhoMayNotIsToldAndNothingIsDone(t *testing.T) {
	a := new(App)
	for _, c := range []struct {
		name string
		ctx  context.Context
		may  core.Permission
		want core.Code
	}{
		{"an engineer reads tickets", core.WithActor(t.Context(), core.Actor{Role: core.RoleEngineer}), core.ReadTickets, ""},
		{"an engineer changes rules", core.WithActor(t.Context(), core.Actor{Role: core.RoleEngineer}), core.EditAlerts, core.CodeForbidden},
		{"an admin's narrow token changes rules", core.WithActor(t.Context(), core.Actor{Role: core.RoleAdmin, Scopes: []core.Scope{core.ScopeUpload}}), core.EditAlerts, core.CodeForbidden},
		{"nobody in particular, at a desk nobody signs in to", t.Context(), core.EditServer, ""},
		{"somebody without a role", core.WithActor(t.Context(), core.Actor{}), core.ReadOwnSelf, core.CodeForbidden},
	} {
		err := a.allow(c.ctx, c.may)
		if core.ErrorCode(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		var told *core.Error
		if err != nil && (!errors.As(err, &told) || !strings.HasSuffix(told.Message, ".")) {
			t.Errorf("%s: no sentence for people: %v", c.name, err)
		}
	}
}

func TestALockedDeskDoesNothingForNobody(t *testing.T) {
	a := new(App)
	a.seat.seat = core.Seat{Required: true, Locked: true}
	if err := a.allow(t.Context(), core.ReadTickets); core.ErrorCode(err) != core.CodeSignIn {
		t.Errorf("%v, want that somebody signs in first", err)
	}
	if err := a.allow(core.WithActor(t.Context(), core.TheDesk()), core.ReadTickets); err != nil {
		t.Errorf("the desk's own work stops with the lock: %v", err)
	}
}
