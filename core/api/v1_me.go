package api

func (s *Server) meRoutes() []*route { return nil }
