// Hands the fridge's temperature to whoever asks over HTTP, and a new set
// point to the fridge.

temperature <- null;

device.on("temperature", function(degrees) {
    temperature = degrees;
});

http.onrequest(function(request, response) {
    if (request.method == "PUT") {
        device.send("setPoint", request.body.tofloat());
        response.send(204, "");
        return;
    }
    response.send(200, http.jsonencode({"temperature": temperature}));
});

server.log("Waiting for the fridge");
