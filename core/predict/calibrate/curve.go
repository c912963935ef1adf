package calibrate

// Curve says the probability of a bad end at a margin (log-odds) of a model. It never falls where
// the margin rises, and stays strictly between 0 and 1. It does not change.
type Curve struct{}

// Isotonic fits the best never-falling steps.
func Isotonic(margins []float64, bad []bool) (*Curve, error) { panic("being written") }

// Platt fits a logistic curve.
func Platt(margins []float64, bad []bool) (*Curve, error) { panic("being written") }

// Plain takes the margin's own probability.
func Plain() *Curve { panic("being written") }

// Risk is the probability of a bad end at a margin.
func (c *Curve) Risk(margin float64) float64 { panic("being written") }

// MarshalBinary writes the curve, the same bytes for the same curve.
func (c *Curve) MarshalBinary() ([]byte, error) { panic("being written") }

// UnmarshalBinary reads what MarshalBinary wrote and refuses anything else.
func (c *Curve) UnmarshalBinary(data []byte) error { panic("being written") }
