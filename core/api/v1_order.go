package api

func (s *Server) orderRoutes() []*route { return nil }
