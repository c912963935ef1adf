package api

func (s *Server) docsPage() ([]byte, error) { return nil, nil }
