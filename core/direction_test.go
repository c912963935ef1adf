package core_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "deskwatch"

// listed is what the test needs of one package that `go list` reports.
type listed struct {
	ImportPath string
	Imports    []string
}

// owners says which packages may know an outside library, by the prefix of its path. One that is
// not here nobody may know.
var owners = map[string][]string{
	"gorm.io/":                      {"core/store"},
	"github.com/glebarez/":          {"core/store"},
	"modernc.org/":                  {"core/store"},
	"go.mongodb.org/":               {"core/mongostore"},
	"github.com/go-mail/":           {"core/mail"},
	"github.com/emersion/go-smtp":   {"core/mail"},
	"github.com/emersion/go-sasl":   {"core/mail"},
	"github.com/emersion/go-ical":   {"core/calendar"},
	"github.com/teambition/":        {"core/calendar"},
	"github.com/fsnotify/":          {"core/source"},
	"golang.org/x/oauth2":           {"core/source"},
	"golang.org/x/crypto":           {"core/auth"},
	"github.com/hashicorp/":         {"core/auth"},
	"golang.org/x/net":              {"core/api"},
	"golang.org/x/sync":             {"core/mongostore"},
	"golang.org/x/text":             {"core/app", "core/auth", "core/orders", "core/source", "core/tabular", "core/tickets"},
	"github.com/golang-jwt/":        {"core/auth"},
	"github.com/danielgtaylor/huma": {"core/api"},
	"github.com/VictoriaMetrics/":   {"core/api"},
	"github.com/go-co-op/":          {"core/schedule"},
	"github.com/jonboulle/":         {"core/schedule"},
	"gonum.org/":                    {"core/predict"},
	"github.com/jonreiter/govader":  {"core/predict"},
	"github.com/zalando/go-keyring": {"core/vault"},
	"filippo.io/":                   {"core/vault"},
	"gopkg.in/natefinch/lumberjack": {"core/logbook"},
	"github.com/godbus/":            {"core/notify"},
	"github.com/gofrs/flock":        {"core/instance", "core/logbook"},
	"github.com/spf13/":             {"cmd/deskwatchd"},
	"fyne.io/":                      {"ui", "cmd/deskwatch"},
}

// adapters may import the packages whose interfaces they implement.
var adapters = map[string][]string{
	"core/store":      {"core/orders", "core/alert", "core/outbox", "core/settings", "core/schedule", "core/tickets", "core/source", "core/notify", "core/auth", "core/predict"},
	"core/mongostore": {"core/orders"},
	"core/source":     {"core/tickets"},
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range listPackages(t) {
		from := strings.TrimPrefix(p.ImportPath, module+"/")
		for _, path := range p.Imports {
			if why := forbidden(from, path); why != "" {
				t.Errorf("%s imports %s: %s", from, path, why)
			}
		}
	}
}

func TestForbiddenImportsAreCaught(t *testing.T) {
	for _, c := range []struct{ from, path string }{
		{"core", "deskwatch/core/orders"},
		{"core", "gorm.io/gorm"},
		{"core/orders", "deskwatch/core/tabular"},
		{"core/orders", "deskwatch/core/store"},
		{"core/tabular", "fyne.io/fyne/v2"},
		{"core/app", "deskwatch/ui"},
		{"core/app", "gorm.io/gorm"},
		{"ui/orders", "deskwatch/ui/settings"},
		{"ui/orders", "deskwatch/core/orders"},
		{"ui/orders", "fyne.io/fyne/v2/app"},
		{"cmd/deskwatchd", "deskwatch/ui"},
		{"cmd/deskwatchd", "fyne.io/fyne/v2"},
		{"cmd/deskwatchd", "deskwatch/core/store"},
		{"core/auth", "deskwatch/core/store"},
		{"core/api", "deskwatch/core/auth"},
		{"core/api", "golang.org/x/crypto/argon2"},
		{"core/app", "github.com/danielgtaylor/huma/v2"},
		{"ui/users", "deskwatch/ui/signin"},
		{"core/app", "github.com/nobody/knows"},
	} {
		if forbidden(c.from, c.path) == "" {
			t.Errorf("%s may import %s, and must not", c.from, c.path)
		}
	}
}

// forbidden returns why the package from (without the module's name) must not import path, or "".
func forbidden(from, path string) string {
	to, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		return forbiddenOutside(from, path)
	}
	switch {
	case from == "core":
		return "the root of core imports the standard library only"
	case from == "core/app":
		if to == "core" || strings.HasPrefix(to, "core/") || to == "assets" {
			return ""
		}
		return "core/app composes core and nothing else"
	case strings.HasPrefix(from, "core/"):
		if to == "core" || to == "assets" || slices.Contains(adapters[from], to) || strings.HasPrefix(to, from+"/") {
			return ""
		}
		return "packages under core meet through core's types"
	case from == "ui":
		if to == "core" || to == "assets" || strings.HasPrefix(to, "ui/") {
			return ""
		}
		return "the shell knows core's types, the assets and its tabs"
	case strings.HasPrefix(from, "ui/"):
		if slices.Contains([]string{"core", "assets", "ui/async", "ui/kit"}, to) {
			return ""
		}
		return "a tab knows core's types, the assets, ui/async and ui/kit"
	case strings.HasPrefix(from, "cmd/"):
		if to == "core" || to == "core/app" || to == "assets" || (from == "cmd/deskwatch" && to == "ui") {
			return ""
		}
		return "a program hands core/app to the window or the commands"
	}
	return ""
}

func forbiddenOutside(from, path string) string {
	if !strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
		return "" // the standard library
	}
	if from == "core" {
		return "the root of core imports the standard library only"
	}
	if path == "fyne.io/fyne/v2/app" && from != "cmd/deskwatch" {
		return "only cmd/deskwatch opens a real display"
	}
	for prefix, who := range owners {
		if !strings.HasPrefix(path, prefix) {
			continue
		}
		for _, w := range who {
			if from == w || strings.HasPrefix(from, w+"/") {
				return ""
			}
		}
		return "that library is known to " + strings.Join(who, " and ") + " only"
	}
	return "nobody owns that library"
}

// listPackages asks the go command for every package of the module. Test helpers under
// core/coretest are left out: they are imported by tests only.
func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", module+"/...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	dec := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		if p.ImportPath != module+"/core/coretest" {
			all = append(all, p)
		}
	}
	if len(all) < 5 {
		t.Fatalf("go list found %d packages only", len(all))
	}
	return all
}
