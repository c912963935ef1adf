package overview

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// chart is a titled bar chart. Its note sums it up, and says the numbers of the bars under the
// pointer.
type chart struct {
	panel *panel
	bars  *kit.Bars
	sum   string
	tell  func(group int) string
}

func newChart(title string, legend []fyne.CanvasObject, tones ...kit.Tone) *chart {
	c := &chart{panel: newPanel(title), bars: kit.NewBars(tones...)}
	c.bars.OnHover = func(group int) {
		if group < 0 {
			c.panel.note.SetText(c.sum)
			return
		}
		c.panel.note.SetText(c.tell(group))
	}
	if len(legend) > 0 {
		c.panel.rows.Add(container.NewHBox(legend...))
	}
	c.panel.rows.Add(kit.Tall(chartHeight, c.bars))
	return c
}

const chartHeight float32 = 124

func (c *chart) set(sum string, labels []string, tell func(int) string, values ...[]int) {
	c.sum, c.tell = sum, tell
	c.panel.note.SetText(sum)
	c.bars.Set(labels, values...)
}

func newDaysChart() *chart {
	return newChart(kit.T("Tickets per day"), []fyne.CanvasObject{kit.NewChip(kit.T("created on the day"), kit.ToneAccent), kit.NewChip(kit.T("closed on the day"), kit.ToneGood)}, kit.ToneAccent, kit.ToneGood)
}

func newMonthsChart() *chart { return newChart(kit.T("Breaches per month"), nil, kit.ToneBad) }

func newRisksPlot() *plot {
	p := newPlot(kit.T("Predicted risk and what happened"))
	p.panel.card.Hide() // until there is a report
	return p
}

// showRisks shows what became of tickets by their predicted risk: of those predicted here once they
// are enough to say something, of unseen ones else.
func (t *Tab) showRisks(r core.PredictionReport) {
	m := r.Live
	if m == nil || m.Tickets < enoughEnded && r.Backtest != nil {
		m = r.Backtest
	}
	t.risks.show(m)
	if m != nil && m == r.Backtest {
		t.risks.panel.note.SetText(unseenWord())
	}
}

// enoughEnded is how many tickets predicted here have to have ended before they are shown in place
// of unseen ones: with fewer, every group is a handful.
const enoughEnded = 50

func (t *Tab) showDays(days []core.TicketDay, now time.Time) {
	labels := make([]string, len(days))
	created, closed := make([]int, len(days)), make([]int, len(days))
	var all, done int64
	for i, d := range days {
		labels[i], created[i], closed[i] = dayName(d.Day, now), d.Created, d.Closed
		all, done = all+int64(d.Created), done+int64(d.Closed)
	}
	t.days.set(kit.T("%s created, %s closed in %d days", kit.Number(all), kit.Number(done), len(days)), labels, func(i int) string {
		return kit.T("%s: %s created, %s closed", labels[i], kit.Number(int64(created[i])), kit.Number(int64(closed[i])))
	}, created, closed)
}

func (t *Tab) showMonths(o core.Overview) {
	labels, counts := make([]string, len(o.MonthCounts)), make([]int, len(o.MonthCounts))
	var all int64
	for i, m := range o.MonthCounts {
		labels[i], counts[i] = monthName(m.Month), m.Count
		all += int64(m.Count)
	}
	if len(labels) == 0 {
		t.months.panel.card.Hide()
		return
	}
	t.months.panel.card.Show()
	t.months.set(kit.N("%s breach in 12 months", "%s breaches in 12 months", all), labels, func(i int) string {
		return labels[i] + ": " + kit.N("%s breach", "%s breaches", int64(counts[i]))
	}, counts)
}
