package api

func (s *Server) markRoutes() []*route { return nil }
