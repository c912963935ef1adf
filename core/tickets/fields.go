package tickets

import "deskwatch/core"

// FieldReference is where a file keeps the name of a record that has no id yet (Salesforce's
// tree files: attributes.referenceId). It is no field of a ticket: nobody maps it.
const FieldReference core.Field = "reference"

// knownField is a field with the names sources have for it, folded. Earlier ones weigh more.
type knownField struct {
	field   core.Field
	content core.ContentKind
	names   []string
}

// fieldTable is the table of known names: those of Salesforce, Zendesk, ServiceNow, Jira,
// Freshdesk and HubSpot, of Deskwatch's own JSON and exports, and plain English and Spanish.
//
// A column that is only called customer, requester or cliente holds names more often than keys;
// a ticket whose source gives no key is known by its customer's e-mail, then by the name.
func fieldTable() []knownField {
	return []knownField{
		{core.FieldID, core.ContentID, []string{
			"id", "ticketid", "caseid", "uniqueid", "sysid", "issueid", "incidentid", "hsobjectid", "hsticketid", "recordid", "externalid",
			"idticket", "iddeticket", "idcaso", "iddecaso", "idincidencia", "ticketidentifier", "identificador", "uuid", "guid",
		}},
		{core.FieldNumber, core.ContentID, []string{
			"number", "casenumber", "ticketnumber", "key", "issuekey", "displayid", "incidentnumber", "tasknumber", "casenum", "ticketno", "caseno", "incidentno", "ticketref", "caseref", "ticketkey", "casekey",
			"numero", "numeroticket", "numerodeticket", "numerocaso", "numerodecaso", "numeroincidencia", "numerodeincidencia", "nticket", "noticket", "ndeticket", "nodeticket", "ncaso", "nocaso", "ndecaso", "nodecaso", "nincidencia", "noincidencia", "ndeincidencia", "nodeincidencia", "folio", "ticket", "case", "caso", "incidencia",
		}},
		{core.FieldSubject, core.ContentAny, []string{
			"subject", "shortdescription", "summary", "title", "rawsubject", "ticketsubject", "casesubject", "ticketname", "headline", "hsticketsubject", "issue", "topic",
			"asunto", "titulo", "resumen", "subcategory", "subcategoria", "symptom", "reason", "casereason", "motivo",
		}},
		{core.FieldDescription, core.ContentAny, []string{
			"description", "descriptiontext", "details", "body", "content", "message", "text", "ticketdescription", "casedescription", "comment", "comments", "hsticketcontent",
			"descripcion", "detalle", "detalles", "mensaje", "texto", "cuerpo", "comentario", "comentarios",
		}},
		{core.FieldStatus, core.ContentWords, []string{
			"status", "ticketstatus", "casestatus", "incidentstate", "statusname", "state", "issuestatus", "hspipelinestage", "pipelinestage", "currentstatus", "statuslabel", "fieldsstatusname", "statusdisplayvalue",
			"estado", "estadoticket", "estadodelticket", "estadocaso", "estadodelcaso", "estadoincidencia", "estatus", "situacion", "rawstatus",
		}},
		{core.FieldPriority, core.ContentWords, []string{
			"priority", "ticketpriority", "casepriority", "priorityname", "hsticketpriority", "fieldspriorityname", "prio", "severity", "urgency",
			"prioridad", "prioridadticket", "prioridaddelticket", "severidad", "urgencia", "gravedad", "rawpriority",
		}},
		{core.FieldProduct, core.ContentAny, []string{
			"product", "productc", "productname", "productcategory", "productid", "productfamily", "productline", "productarea", "productnamec", "productfamilyc", "hsproduct", "component", "components", "service", "businessservice", "application", "category", "hsticketcategory", "module", "ticketcategory",
			"producto", "nombreproducto", "nombredelproducto", "servicio", "aplicacion", "componente", "categoria", "modulo",
		}},
		{core.FieldCustomer, core.ContentAny, []string{
			"customerid", "accountid", "callerid", "requesterid", "contactid", "customernumber", "customerkey", "customercode", "organizationid", "organisationid", "clientid", "companyid", "reporterid", "reporteraccountid", "userid", "accountnumber",
			"callersysid", "idcliente", "clienteid", "codigocliente", "codigodecliente", "numerocliente", "numerodecliente", "idsolicitante", "idempresa",
		}},
		{core.FieldCustomerName, core.ContentAny, []string{
			"customername", "accountname", "customer", "requestername", "contactname", "organizationname", "organisationname", "company", "companyname", "suppliedcompany", "suppliedname", "callername", "caller", "requester", "reporter", "reportername", "reporterdisplayname", "client", "clientname", "account", "organization", "organisation", "contact", "requestedfor", "associatedcompany", "associatedcontact",
			"fieldsreporterdisplayname", "calleriddisplayvalue", "cliente", "nombrecliente", "nombredelcliente", "nombredecliente", "empresa", "solicitante", "contacto", "organizacion", "compania",
		}},
		{core.FieldEmail, core.ContentEmail, []string{
			"customeremail", "contactemail", "requesteremail", "suppliedemail", "email", "emailaddress", "reporteremail", "reporteremailaddress", "calleremail", "clientemail", "from", "fromemail", "mail", "senderemail",
			"fieldsreporteremailaddress", "correo", "correoelectronico", "correocliente", "correodelcliente", "emailcliente", "emaildelcliente", "correosolicitante", "correodelsolicitante",
		}},
		{core.FieldOwner, core.ContentAny, []string{
			"ownername", "owner", "assignedto", "assigneename", "assignee", "agentname", "agent", "ownerid", "assigneeid", "assigneddisplayname", "assigneedisplayname", "caseowner", "ticketowner", "hubspotownerid", "responderid", "respondername", "responder", "engineer", "technician", "owneralias", "assignedtodisplayvalue", "fieldsassigneedisplayname", "assigneeemail", "owneremail",
			"propietario", "asignadoa", "asignado", "agente", "responsable", "tecnico", "ingeniero", "encargado",
		}},
		{core.FieldChannel, core.ContentAny, []string{
			"channel", "origin", "viachannel", "contacttype", "caseorigin", "channelname", "source", "ticketchannel", "hsoriginalsource", "sourcetype", "via", "contactchannel", "ticketsource",
			"canal", "origen", "canaldecontacto", "medio", "canaldeentrada",
		}},
		{core.FieldCreated, core.ContentDate, []string{
			"createdat", "createddate", "openedat", "created", "syscreatedon", "syscreatedat", "createdon", "datecreated", "creationdate", "createdate", "createdtime", "createdtimestamp", "dateopened", "dateopen", "openeddate", "openedon", "opened", "opendate", "opentime", "reportedat", "issuereportedat", "reporteddate", "submittedat", "submitted", "datesubmitted", "datetimeopened", "creationtime", "fieldscreated", "ticketcreated", "starttime", "timestamp",
			"fechacreacion", "fechadecreacion", "creado", "creadoel", "fechaapertura", "fechadeapertura", "fechaalta", "fechadealta", "apertura", "fecha", "fechahora", "date",
		}},
		{core.FieldUpdated, core.ContentDate, []string{
			"updatedat", "lastmodifieddate", "sysupdatedat", "sysupdatedon", "updated", "systemmodstamp", "updatedon", "lastupdated", "lastupdate", "lastupdatetime", "lastupdatedat", "lastupdateddate", "modifiedat", "modifieddate", "lastmodified", "lastmodifiedat", "datemodified", "dateupdated", "updateddate", "updatedtime", "hslastmodifieddate", "lastactivity", "lastactivitydate", "modified", "fieldsupdated", "lastmodifiedon", "updatetime", "modifiedon",
			"fechaactualizacion", "fechadeactualizacion", "actualizado", "actualizadoel", "ultimaactualizacion", "fechamodificacion", "fechademodificacion", "modificado", "ultimamodificacion", "fechaultimaactualizacion",
		}},
		{core.FieldFirstReply, core.ContentDate, []string{
			"firstreplyat", "firstresponseat", "firstreply", "firstresponse", "firstresponsedate", "firstrespondedat", "firstreplydate", "firstagentreplydate", "issueresponded", "issuerespondedat", "respondedat", "responded", "repliedat", "statsfirstrespondedat", "initialresponsetime", "hsfirstagentmessagesentat", "firstresponsec",
			"fechaprimerarespuesta", "fechadeprimerarespuesta", "primerarespuesta", "fecharespuesta", "fechaderespuesta", "respondido",
		}},
		{core.FieldClosed, core.ContentDate, []string{
			"closedat", "closeddate", "closed", "closedon", "dateclosed", "closedtime", "closedate", "resolvedat", "resolutiondate", "solvedat", "resolveddate", "resolvedon", "dateresolved", "resolved", "solved", "closetime", "statsclosedat", "statsresolvedat", "datetimeclosed", "fieldsresolutiondate", "endtime",
			"fechacierre", "fechadecierre", "cerrado", "cerradoel", "cierre", "fecharesolucion", "fechaderesolucion", "resuelto", "fechafin",
		}},
		{core.FieldEscalated, core.ContentMatch, []string{
			"escalated", "isescalated", "isescalatedc", "escalatedc", "escalation", "escalationflag", "hasescalated",
			"escalado", "escalada", "escalamiento",
		}},
		{core.FieldReopened, core.ContentNumber, []string{
			"reopened", "reopencount", "reopens", "reopenedcount", "timesreopened", "numberofreopens", "reopenings", "metricsetreopens", "reopencountc",
			"reaperturas", "numeroreaperturas", "numerodereaperturas", "vecesreabierto",
		}},
		{core.FieldRating, core.ContentMatch, []string{
			"rating", "csatscore", "csat", "satisfactionratingscore", "satisfactionscore", "satisfaction", "satisfactionrating", "customersatisfaction", "score", "customerrating", "surveyscore", "surveyresult", "surveyresults", "csatrating", "stars", "hsfeedbacklastceratingscore", "hsfeedbacklastcesrating",
			"valoracion", "satisfaccion", "puntuacion", "calificacion", "notacliente", "estrellas",
		}},
		{FieldReference, core.ContentAny, []string{"attributesreferenceid", "referenceid"}},
	}
}

// Specs are the fields of a ticket as the column recogniser looks for them. None is required:
// what a file must have is a rule of its own (see Enough).
func (d *Dictionary) Specs() []core.FieldSpec {
	var specs []core.FieldSpec
	for _, known := range fieldTable() {
		if known.field == FieldReference {
			continue
		}
		spec := core.FieldSpec{Field: known.field, Content: known.content, Names: known.names}
		switch known.field {
		case core.FieldStatus:
			spec.Accepts = func(cell string) bool { _, ok := d.Status(cell); return ok && given(cell) != "" }
		case core.FieldPriority:
			spec.Accepts = func(cell string) bool { _, ok := d.Priority(cell); return ok && given(cell) != "" }
		case core.FieldEscalated:
			spec.Accepts = isYesNo
		case core.FieldRating:
			spec.Accepts = func(cell string) bool { return readRating(cell) > 0 }
		}
		specs = append(specs, spec)
	}
	return specs
}

func isYesNo(cell string) bool {
	if yes(cell) {
		return true
	}
	switch fold(cell) {
	case "false", "no", "n", "0", "f", "off", "falso":
		return true
	}
	return false
}

// Enough reports whether records with these fields can be tickets: with an id or a number, or
// with what an id can be made from.
func Enough(has func(core.Field) bool) bool {
	return has(core.FieldID) || has(core.FieldNumber) || has(core.FieldSubject) && has(core.FieldCreated)
}
