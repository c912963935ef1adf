package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Pane shows either its content or what there is to say instead: nothing here yet, or what
// went wrong. Content stays as it is while something reloads.
type Pane struct {
	Box
	content fyne.CanvasObject
}

// NewPane returns a pane showing content.
func NewPane(content fyne.CanvasObject) *Pane {
	p := &Pane{content: content}
	p.Hold(p, container.NewStack(content))
	return p
}

// ShowContent shows the content.
func (p *Pane) ShowContent() { p.show(p.content) }

// ShowEmpty says in one sentence why nothing is here and what to do next. An empty button
// text leaves the button out.
func (p *Pane) ShowEmpty(icon fyne.Resource, sentence, button string, do func()) {
	p.show(EmptyState(icon, sentence, button, do))
}

// ShowError says what happened, with Try again unless retry is nil.
func (p *Pane) ShowError(err error, retry func()) { p.show(ErrorState(err, retry)) }

func (p *Pane) show(o fyne.CanvasObject) {
	if len(p.Container.Objects) == 1 && p.Container.Objects[0] == o {
		return
	}
	p.Container.Objects = []fyne.CanvasObject{o}
	p.Refresh()
}

// EmptyState is an icon, a sentence and a button, in the middle.
func EmptyState(icon fyne.Resource, sentence, button string, do func()) fyne.CanvasObject {
	if button == "" {
		return NothingHere(icon, sentence)
	}
	b := widget.NewButton(button, do)
	b.Importance = widget.HighImportance
	return NothingHere(icon, sentence, b)
}

// NothingHere says why a list is empty and offers what to do next, in the middle.
func NothingHere(icon fyne.Resource, sentence string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	items := []fyne.CanvasObject{stateIcon(theme.NewColoredResource(icon, ColorMuted)), stateText(sentence)}
	if len(buttons) > 0 {
		items = append(items, container.NewCenter(container.NewHBox(buttons...)))
	}
	return inMiddle(items)
}

// ErrorState is the error's sentence for people, with Try again unless retry is nil.
func ErrorState(err error, retry func()) fyne.CanvasObject {
	items := []fyne.CanvasObject{stateIcon(theme.NewErrorThemedResource(theme.ErrorIcon())), stateText(ErrorText(err))}
	if retry != nil {
		items = append(items, container.NewCenter(widget.NewButtonWithIcon(T("Try again"), theme.ViewRefreshIcon(), retry)))
	}
	return inMiddle(items)
}

func inMiddle(items []fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(layout.NewSpacer(), container.NewVBox(items...), layout.NewSpacer(), layout.NewSpacer())
}

func stateIcon(r fyne.Resource) fyne.CanvasObject {
	i := widget.NewIcon(r)
	return container.NewCenter(container.NewGridWrap(fyne.NewSize(40, 40), i))
}

func stateText(s string) fyne.CanvasObject { return NewProse(s, ToneNormal).Centered() }
