package tickets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// satisfaction is how likely a ticket ends well: how much, by what, why, what would help, and how
// that changed. Of one that is done it shows how that changed; nil where nothing is known.
func (t *ticketView) satisfaction(d *core.TicketDetail) fyne.CanvasObject {
	p := d.Prediction
	if d.Done() {
		if len(p.History) < 2 {
			return nil
		}
		return kit.Section(kit.T("Satisfaction, as it was predicted"), "", t.trend(p)...)
	}
	bar := t.v.predicting.Bar()
	tone := kit.SatisfactionTone(p.Satisfaction, bar)
	items := []fyne.CanvasObject{t.standing(p.Satisfaction, tone)}
	items = append(items, satisfactionReasons(&p, d.TicketView)...)
	if len(p.Reasons) == 0 {
		items = append(items, kit.Note(kit.T("Nothing about this ticket stands out.")))
	}
	items = append(items, t.help(d)...)
	if len(p.History) > 1 {
		items = append(items, t.trend(p)...)
	}
	return kit.Section(kit.T("Satisfaction %d of 100", p.Satisfaction), sentence(kit.BasisText(p.Basis, t.v.predicting.Model())), items...)
}

// standing is a bar, with a word where the number alone would not say that something is wrong.
func (t *ticketView) standing(value int, tone kit.Tone) fyne.CanvasObject {
	var right fyne.CanvasObject
	if word := kit.SatisfactionWord(tone); word != "" {
		right = kit.NewChip(word, tone)
	}
	return indent(container.NewBorder(nil, nil, nil, right, kit.NewMeter(value, tone)))
}

// satisfactionReasons lists what takes away from a satisfaction, and what adds to it.
func satisfactionReasons(p *core.Prediction, v core.TicketView) (out []fyne.CanvasObject) {
	for _, r := range p.Reasons {
		out = append(out, signedLine(r.Points, kit.SatisfactionReason(p.Basis, v, r)))
	}
	return out
}

// signedLine is a reason of a score that is good when it is high, behind what it adds.
func signedLine(points int, text string) fyne.CanvasObject {
	tone := kit.ToneGood
	if points < 0 {
		tone = kit.ToneBad
	}
	return pointsLine(points, tone, text)
}

// help lists what would help, each as a button where it can be done from here.
func (t *ticketView) help(d *core.TicketDetail) (out []fyne.CanvasObject) {
	if len(d.Prediction.Help) == 0 {
		return nil
	}
	out = append(out, indent(kit.NewLine(kit.T("What would help"), kit.ToneMuted)))
	for _, h := range d.Prediction.Help {
		icon, do := theme.MailReplyIcon(), t.openSource
		switch {
		case h.Action == core.HelpAssign:
			icon, do = theme.AccountIcon(), func() { t.v.askOwnerOf([]uint32{d.No}, h.Subject) }
		case !isWeb(d.SourceURL):
			do = nil
		}
		if do == nil {
			out = append(out, kit.Paragraph(kit.HelpText(h)))
			continue
		}
		out = append(out, container.NewHBox(minor(widget.NewButtonWithIcon(kit.HelpText(h), icon, do))))
	}
	return out
}

const trendHeight float32 = 84

// trend draws how the satisfaction changed; under it stands what the point under the pointer says,
// or else the first and the last moment.
func (t *ticketView) trend(p core.Prediction) []fyne.CanvasObject {
	now := t.v.desk.Now()
	last := p.History[len(p.History)-1]
	until := last.At
	if p.At.After(until) {
		until = p.At
	}
	points := make([]kit.TrendPoint, len(p.History))
	for i, h := range p.History {
		points[i] = kit.TrendPoint{At: h.At, Value: h.Satisfaction}
	}
	sum := kit.T("From %d, %s, to %d, %s", p.History[0].Satisfaction, kit.ShortTime(p.History[0].At, now), last.Satisfaction, kit.ShortTime(last.At, now))
	note := kit.NewCaption(sum)
	note.Shrink = true
	chart := kit.NewTrend(points, until)
	chart.OnHover = func(i int) {
		if i < 0 {
			note.SetText(sum)
			return
		}
		h := p.History[i]
		note.SetText(kit.T("%d, %s: %s", h.Satisfaction, kit.ShortTime(h.At, now), momentText(h.Moment)))
	}
	return []fyne.CanvasObject{indent(kit.NewLine(kit.T("How it changed"), kit.ToneMuted)), indent(kit.Tall(trendHeight, chart)), indent(note)}
}
