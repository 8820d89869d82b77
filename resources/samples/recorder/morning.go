package main

import (
	"context"
	"fmt"
	"io"
	"time"

	pb "depotpb"

	"github.com/golang/protobuf/ptypes"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// harbour lets the client decide when the slow quote is answered; nil where a recording answers.
type harbour interface {
	asked()
	answer()
}

func (d *depot) asked()  { <-d.ferryAsk }
func (d *depot) answer() { close(d.ferry) }

// A client of the depot. The first answer that is not as expected ends the morning.
type client struct {
	pb.DepotClient
	ctx context.Context
	err error
}

func (c *client) check(what string, err error, want codes.Code) {
	if got := status.Code(err); c.err == nil && got != want {
		c.err = fmt.Errorf("%s: got %v (%v), want %v", what, got, err, want)
	} else if c.err == nil {
		fmt.Printf("%-40s %v\n", what, got)
	}
}

func (c *client) quote(postcode string, kg float64, service pb.Service) {
	_, err := c.GetQuote(c.ctx, &pb.GetQuoteRequest{Postcode: postcode, WeightKg: kg, Service: service})
	c.check("quote for "+postcode, err, codes.OK)
}

func (c *client) book(want codes.Code, r *pb.BookParcelRequest) string {
	p, err := c.BookParcel(c.ctx, r)
	c.check("book for "+r.To.Name, err, want)
	return p.GetId()
}

func (c *client) get(id string, want codes.Code) {
	_, err := c.GetParcel(c.ctx, &pb.GetParcelRequest{Id: id})
	c.check("get "+id, err, want)
}

func (c *client) track(id string) pb.Depot_TrackParcelClient {
	str, err := c.TrackParcel(c.ctx, &pb.TrackParcelRequest{Id: id})
	c.check("track "+id, err, codes.OK)
	return str
}

// next reads one tracking event; done reads the end.
func (c *client) next(str pb.Depot_TrackParcelClient, want pb.TrackingEvent_Kind) {
	event, err := str.Recv()
	c.check("  heard "+want.String(), err, codes.OK)
	if c.err == nil && event.Kind != want {
		c.err = fmt.Errorf("tracking: got %v, want %v", event, want)
	}
}

func (c *client) done(what string, err error) {
	if c.err == nil && err != io.EOF {
		c.err = fmt.Errorf("%s: got %v, want the end", what, err)
	}
}

func (c *client) load(van string, want codes.Code, ids ...string) {
	str, err := c.LoadVan(c.ctx)
	c.check("load "+van, err, codes.OK)
	for _, id := range ids {
		c.check("  scan "+id, str.Send(&pb.Scan{Van: van, ParcelId: id}), codes.OK)
	}
	_, err = str.CloseAndRecv()
	c.check("  doors closed", err, want)
}

// tell sends one report of a van and reads the instruction that it gets.
func (c *client) tell(str pb.Depot_DriveRoundClient, want codes.Code, r *pb.VanReport) {
	c.check("report of "+r.Van, str.Send(r), codes.OK)
	_, err := str.Recv()
	c.check("  instruction", err, want)
}

func address(name, street, town, postcode string) *pb.Address {
	return &pb.Address{Name: name, Street: street, Town: town, Postcode: postcode}
}

func arrived(van, town string) *pb.VanReport {
	return &pb.VanReport{Van: van, What: &pb.VanReport_Arrived_{Arrived: &pb.VanReport_Arrived{Town: town}}}
}

func delivered(van, id, by string) *pb.VanReport {
	return &pb.VanReport{Van: van, What: &pb.VanReport_Delivered_{
		Delivered: &pb.VanReport_Delivered{ParcelId: id, ReceivedBy: by}}}
}

func left(van string, at time.Time) *pb.VanReport {
	stamp, _ := ptypes.TimestampProto(at)
	return &pb.VanReport{Van: van, What: &pb.VanReport_LeftDepot{LeftDepot: stamp}}
}

// morning is the conversation: the same against the service while it is recorded, and against
// whatever stands in for it later.
func morning(conn *grpc.ClientConn, h harbour) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c := &client{DepotClient: pb.NewDepotClient(conn), ctx: ctx}

	// Two quotes at once: the harbour office takes its time, the other is answered first.
	ferry := make(chan *client)
	go func() {
		f := &client{DepotClient: c.DepotClient, ctx: ctx}
		f.quote("25849", 3.2, pb.Service_SERVICE_ISLAND_FERRY)
		ferry <- f
	}()
	if h != nil {
		h.asked()
	}
	c.quote("24937", 1.4, pb.Service_SERVICE_STANDARD)
	c.quote("24937", 1.4, pb.Service_SERVICE_NEXT_MORNING)
	if h != nil {
		h.answer()
	}
	if f := <-ferry; f.err != nil {
		return f.err
	}

	// The counter. The bookshop's clerk mistypes, and the third parcel finds every shelf taken.
	lamp := c.book(codes.OK, &pb.BookParcelRequest{
		To: address("Lighthouse Museum", "Mole 1", "Nordhafen", "24937"), WeightKg: 6.75,
		Size: &pb.Size{LengthMm: 600, WidthMm: 400, HeightMm: 350}, Service: pb.Service_SERVICE_NEXT_MORNING,
		References: map[string]string{"order": "LM-2207", "contents": "signal lamp, fragile"}})
	c.book(codes.InvalidArgument, &pb.BookParcelRequest{
		To: address("Gull & Page Books", "Ropewalk 14", "Nordhafen", "2493"), WeightKg: 48,
		Service: pb.Service_SERVICE_STANDARD})
	books := c.book(codes.OK, &pb.BookParcelRequest{
		To: address("Gull & Page Books", "Ropewalk 14", "Nordhafen", "24939"), WeightKg: 4.8,
		Size: &pb.Size{LengthMm: 320, WidthMm: 240, HeightMm: 180}, Service: pb.Service_SERVICE_STANDARD})
	tide := &pb.BookParcelRequest{
		To: address("Tidewater Café", "Am Deich 3", "Westerwatt", "25849"), WeightKg: 12.5,
		Size: &pb.Size{LengthMm: 500, WidthMm: 500, HeightMm: 450}, Service: pb.Service_SERVICE_ISLAND_FERRY,
		References: map[string]string{"order": "TC-0081", "contents": "espresso cups", "floor": "ground"}}
	c.book(codes.ResourceExhausted, tide)

	// A customer follows the lamp from here on, whatever else happens.
	lampTrack := c.track(lamp)
	c.next(lampTrack, pb.TrackingEvent_BOOKED)
	c.get(books, codes.OK)
	c.get("HB-0007", codes.NotFound)
	lost := c.track("HB-0007")
	_, err := lost.Recv()
	c.check("  heard nothing", err, codes.NotFound)

	// Van 3 takes the first two, which frees their shelves; the third books again and is taken.
	c.load("van 3", codes.OK, lamp, books)
	c.next(lampTrack, pb.TrackingEvent_LOADED)
	cups := c.book(codes.OK, tide)
	c.get(books, codes.OK)
	c.load("van 7", codes.FailedPrecondition, books)
	c.load("van 7", codes.OK, cups)
	cupsTrack := c.track(cups)
	c.next(cupsTrack, pb.TrackingEvent_BOOKED)
	c.next(cupsTrack, pb.TrackingEvent_LOADED)

	// Both vans are out at the same time.
	three, err := c.DriveRound(ctx)
	c.check("van 3 drives", err, codes.OK)
	c.tell(three, codes.OK, left("van 3", time.Date(2026, 3, 2, 6, 5, 0, 0, time.UTC)))
	seven, err := c.DriveRound(ctx)
	c.check("van 7 drives", err, codes.OK)
	c.next(lampTrack, pb.TrackingEvent_OUT_FOR_DELIVERY)
	c.tell(seven, codes.OK, left("van 7", time.Date(2026, 3, 2, 6, 10, 0, 0, time.UTC)))
	c.tell(three, codes.OK, arrived("van 3", "Nordhafen"))
	c.next(cupsTrack, pb.TrackingEvent_OUT_FOR_DELIVERY)
	c.tell(three, codes.OK, delivered("van 3", lamp, "museum desk"))
	c.next(lampTrack, pb.TrackingEvent_DELIVERED)
	_, err = lampTrack.Recv()
	c.done("tracking the lamp", err)
	c.tell(seven, codes.Aborted, &pb.VanReport{Van: "van 7", What: &pb.VanReport_Trouble{Trouble: "flat tyre on the dyke road"}})
	c.get(lamp, codes.OK)
	c.tell(three, codes.OK, arrived("van 3", "Nordhafen"))
	c.tell(three, codes.OK, delivered("van 3", books, "G. Page"))
	three.CloseSend()
	_, err = three.Recv()
	c.done("round of van 3", err)

	// Van 7 is mended, and its round begins anew with a ferry in between.
	again, err := c.DriveRound(ctx)
	c.check("van 7 drives again", err, codes.OK)
	c.tell(again, codes.OK, left("van 7", time.Date(2026, 3, 2, 6, 10, 0, 0, time.UTC)))
	c.next(cupsTrack, pb.TrackingEvent_OUT_FOR_DELIVERY)
	c.tell(again, codes.OK, arrived("van 7", "Westerwatt"))
	c.tell(again, codes.OK, delivered("van 7", cups, "barista on shift"))
	again.CloseSend()
	_, err = again.Recv()
	c.done("second round of van 7", err)
	c.next(cupsTrack, pb.TrackingEvent_DELIVERED)
	_, err = cupsTrack.Recv()
	c.done("tracking the cups", err)

	c.get(books, codes.OK)
	c.get(cups, codes.OK)
	c.quote("24937", 1.4, pb.Service_SERVICE_STANDARD)
	c.book(codes.OK, &pb.BookParcelRequest{
		To: address("Signal Box Theatre", "Gleis 9", "Nordhafen", "24937"), WeightKg: 2.1,
		Service: pb.Service_SERVICE_STANDARD, References: map[string]string{"order": "SB-3", "contents": "curtain cord"}})
	return c.err
}
