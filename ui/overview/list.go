package overview

import (
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// panel is a titled card of rows. Rows that say the same as before are left as they are, so that
// a storm of changes does not redraw what did not change.
type panel struct {
	card  *fyne.Container
	title *kit.Line
	note  *kit.Line
	rows  *fyne.Container
	shown []string
}

func newPanel(title string) *panel {
	p := &panel{title: kit.NewLine(title, kit.ToneNormal), note: kit.NewCaption(""), rows: container.NewVBox()}
	p.title.Style.Bold = true
	p.note.Shrink = true
	p.note.Align = fyne.TextAlignTrailing
	p.card = container.NewVBox(kit.Padded(4, container.NewBorder(nil, nil, p.title, nil, p.note)), p.rows, kit.Tall(6, layout.NewSpacer()))
	return p
}

// set shows rows; said is what they say, by which it is known whether they are the same.
func (p *panel) set(said []string, row func(i int) fyne.CanvasObject) {
	if p.shown != nil && slices.Equal(said, p.shown) {
		return
	}
	p.shown = append([]string{}, said...)
	p.rows.Objects = nil
	for i := range said {
		p.rows.Objects = append(p.rows.Objects, row(i))
	}
	p.rows.Refresh()
	p.card.Refresh()
}

// setEmpty is set for a panel with nothing in it.
func (p *panel) setEmpty(sentence string) {
	p.set([]string{sentence}, func(int) fyne.CanvasObject { return kit.Note(sentence) })
}

func shrinking(l *kit.Line) *kit.Line {
	l.Shrink = true
	return l
}

// ticketLine is the first line of a ticket's row: what presses it, its number, its subject.
func ticketLine(chip *kit.Chip, v core.TicketView) fyne.CanvasObject {
	number := kit.NewLine(v.Number, kit.ToneMuted)
	subject := shrinking(kit.NewLine(v.Subject, kit.ToneNormal))
	left := container.NewHBox(kit.Wide(chipWidth, chip), number)
	customer := kit.NewCaption(nameOf(v))
	customer.Shrink, customer.Align = true, fyne.TextAlignTrailing
	return container.NewBorder(nil, nil, left, kit.Wide(120, customer), subject)
}

// chipWidth is the room for what presses a ticket, in front of its number.
const chipWidth float32 = 92

func (t *Tab) showDue(list []core.TicketView, now time.Time) {
	if len(list) == 0 {
		t.due.setEmpty(kit.T("No customer waits for a first reply."))
		return
	}
	said := make([]string, len(list))
	for i, v := range list {
		word, _ := dueText(v, now)
		said[i] = word + "\n" + v.Number + "\n" + v.Subject + "\n" + nameOf(v)
	}
	t.due.set(said, func(i int) fyne.CanvasObject {
		word, tone := dueText(list[i], now)
		return newPress(noGround, kit.Padded(4, ticketLine(kit.NewChip(word, tone), list[i])), openTicket(t.host, list[i].No))
	})
}

// showRisk lists the tickets to look after today, under a line that says by what they were found.
func (t *Tab) showRisk(list core.RiskList, model core.ModelState, open int) {
	if len(list.Items) == 0 {
		t.risk.title.SetText(kit.T("At risk today"))
		t.risk.setEmpty(noRiskText(list, open))
		return
	}
	t.risk.title.SetText(kit.T("At risk today: top %d", len(list.Items)))
	basis := kit.T("Satisfaction, 0 to 100, %s.", kit.BasisText(list.Basis, model))
	said := []string{basis}
	for _, v := range list.Items {
		said = append(said, strconv.Itoa(v.Satisfaction)+"\n"+v.Number+"\n"+v.Subject+"\n"+nameOf(v.TicketView)+"\n"+reasonsText(list.Basis, v))
	}
	t.risk.set(said, func(i int) fyne.CanvasObject {
		if i == 0 {
			return kit.Note(basis).Small()
		}
		v := list.Items[i-1]
		// The reasons are what helps: they wrap rather than end where the line does.
		under := container.New(layout.NewCustomPaddedLayout(-6, -6, -8, -8), kit.Note(reasonsText(list.Basis, v)).Small())
		line := ticketLine(kit.NewChip(kit.T("%d of 100", v.Satisfaction), kit.SatisfactionTone(v.Satisfaction, list.Bar)), v.TicketView)
		return newPress(noGround, kit.Padded(4, container.NewVBox(line, under)), openTicket(t.host, v.No))
	})
}

// newsRows is how many of the newest changes are listed.
const newsRows = 7

// change is what happened to one ticket at one moment.
type change struct {
	at     time.Time
	no     uint32
	number string
	text   string
	tone   kit.Tone
}

// changes puts the events of one ticket that came together into one line. A new status goes
// without saying where closing or reopening is said.
func changes(events []core.TicketEvent, most int) (list []change) {
	for i := 0; i < len(events) && len(list) < most; {
		first := events[i]
		together := i
		for together < len(events) && events[together].No == first.No && events[together].SeenAt.Equal(first.SeenAt) {
			together++
		}
		group := events[i:together]
		i = together
		said := slices.ContainsFunc(group, func(e core.TicketEvent) bool {
			return e.Kind == core.TicketClosedEvent || e.Kind == core.TicketReopened
		})
		c := change{at: first.SeenAt, no: first.No, number: first.Number}
		for _, e := range slices.Backward(group) { // the oldest first
			if e.Kind == core.TicketStatusEvent && said {
				continue
			}
			if c.text != "" {
				c.text += " · "
			}
			c.text += eventText(e)
			c.tone = max(c.tone, eventTone(e))
		}
		list = append(list, c)
	}
	return list
}

func (t *Tab) showNews(o core.Overview, now time.Time) {
	if o.Left.IsZero() {
		t.news.card.Hide()
		return
	}
	t.news.card.Show()
	t.news.title.SetText(kit.T("Since you left %s", kit.When(o.Left.Local(), now.Local())))
	if len(o.SinceLeft) == 0 {
		t.news.setEmpty(kit.T("Nothing happened."))
		return
	}
	counts := countsText(o.LeftCounts)
	said := []string{counts}
	list := changes(o.SinceLeft, newsRows)
	for _, c := range list {
		said = append(said, kit.ShortTime(c.at, now)+"\n"+c.number+"\n"+c.text+"\n"+o.LeftSubjects[c.no])
	}
	t.news.set(said, func(i int) fyne.CanvasObject {
		if i == 0 {
			return kit.Note(counts)
		}
		c := list[i-1]
		left := container.NewHBox(kit.NewCaption(kit.ShortTime(c.at, now)), kit.NewLine(c.number, kit.ToneMuted))
		subject := kit.NewCaption(o.LeftSubjects[c.no])
		subject.Shrink, subject.Align = true, fyne.TextAlignTrailing
		line := container.NewBorder(nil, nil, left, kit.Wide(150, subject), shrinking(kit.NewLine(c.text, c.tone)))
		return newPress(noGround, kit.Padded(3, line), openTicket(t.host, c.no))
	})
}
