// A fridge that reports its temperature and accepts another set point.

const INTERVAL = 60;  // seconds between two reports

setPoint <- 5.0;  // degrees Celsius

function measure() {
    // The thermistor's voltage is linear around the set point.
    return 2.0 + hardware.voltage() * 1.2;
}

function report() {
    imp.wakeup(INTERVAL, report);
    agent.send("temperature", measure());
}

agent.on("setPoint", function(degrees) {
    setPoint = degrees;
    server.log("New set point: " + degrees);
});

server.log("The fridge is running");
report();
