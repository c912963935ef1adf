package overview

import (
	"deskwatch/core"
	"deskwatch/ui/kit"
)

// plot is a titled calibration plot. Its note says how many tickets it is told from, the line below
// how to read it, or what became of the group under the pointer.
type plot struct {
	panel *panel
	dots  *kit.Calibration
	below *kit.Line
	bins  []core.CalibrationBin
}

const plotHeight float32 = 190

func newPlot(title string) *plot {
	p := &plot{panel: newPanel(title), dots: kit.NewCalibration(), below: kit.NewCaption("")}
	p.below.Shrink = true
	explain := func() {
		p.below.SetText(kit.T("On the line: as predicted. Above it: worse."))
	}
	explain()
	p.dots.OnHover = func(group int) {
		if group < 0 || group >= len(p.bins) {
			explain()
			return
		}
		p.below.SetText(binText(p.bins[group]))
	}
	p.panel.rows.Add(kit.Tall(plotHeight, p.dots))
	p.panel.rows.Add(kit.Padded(2, p.below))
	return p
}

// show shows a measurement, or nothing where there is none to show.
func (p *plot) show(m *core.Measured) {
	if kit.Show(p.panel.card, m != nil && len(m.Calibration) > 0); m == nil {
		return
	}
	p.bins = m.Calibration
	p.panel.note.SetText(kit.N("%s ticket", "%s tickets", int64(m.Tickets)))
	p.dots.Set(m.Calibration)
}
