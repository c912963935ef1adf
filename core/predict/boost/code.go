package boost

// MarshalBinary writes the ensemble, the same bytes for the same ensemble.
func (e *Ensemble) MarshalBinary() ([]byte, error) { panic("being written") }

// UnmarshalBinary reads what MarshalBinary wrote and refuses anything else.
func (e *Ensemble) UnmarshalBinary(data []byte) error { panic("being written") }
