package kit

import (
	"testing"

	"fyne.io/fyne/v2"
)

// The drivers draw what is a widget or a container by its very type, and nothing else.
func TestEverythingOfTheKitIsDrawn(t *testing.T) {
	for name, o := range map[string]fyne.CanvasObject{
		"grid": itemGrid(), "field": NewField("a", NewLine("b", ToneMuted), ""), "pane": NewPane(NewCaption("")),
		"nav": NewNav(nil, nil), "progress": NewProgressRow("", nil), "toaster": NewToaster(nil),
	} {
		switch o.(type) {
		case fyne.Widget, *fyne.Container:
		default:
			t.Errorf("a %s in a tree is never drawn: %T", name, o)
		}
	}
}
