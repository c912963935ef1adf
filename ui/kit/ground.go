package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Ground is a coloured area that follows the theme.
type Ground struct {
	widget.BaseWidget
	Color, Stroke fyne.ThemeColorName // Stroke "": no edge
	Radius        float32
}

// NewGround returns a plain area.
func NewGround(c fyne.ThemeColorName) *Ground {
	g := &Ground{Color: c}
	g.ExtendBaseWidget(g)
	return g
}

// On lays o on a plain ground.
func On(c fyne.ThemeColorName, o fyne.CanvasObject) *fyne.Container {
	return container.NewStack(NewGround(c), o)
}

// NewCard lays o on a raised ground with an edge and round corners.
func NewCard(o fyne.CanvasObject) *fyne.Container {
	g := NewGround(theme.ColorNameOverlayBackground)
	g.Stroke, g.Radius = theme.ColorNameInputBorder, 8
	return container.NewStack(g, o)
}

// CreateRenderer links the ground to its drawing.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	r := &groundRenderer{ground: g, rect: canvas.NewRectangle(nil)}
	r.paint()
	return r
}

type groundRenderer struct {
	ground *Ground
	rect   *canvas.Rectangle
}

func (r *groundRenderer) paint() {
	r.rect.FillColor, r.rect.CornerRadius = theme.Color(r.ground.Color), r.ground.Radius
	r.rect.StrokeWidth = 0
	if r.ground.Stroke != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = theme.Color(r.ground.Stroke), 1
	}
}

func (r *groundRenderer) Layout(s fyne.Size) { r.rect.Resize(s) }
func (r *groundRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *groundRenderer) Refresh() {
	r.paint()
	r.rect.Refresh()
}
func (r *groundRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *groundRenderer) Destroy()                     {}
