package kit

// pointed is which part of a chart the pointer is on: a chart shows a shape, and tells the numbers of
// one part at a time.
type pointed struct {
	// OnHover is told which part the pointer is on, -1 for none.
	OnHover func(part int)
	hover   int
}

// point moves the pointer to a part, -1 for none.
func (p *pointed) point(part int, refresh func()) {
	if part == p.hover {
		return
	}
	p.hover = part
	refresh()
	if p.OnHover != nil {
		p.OnHover(part)
	}
}
