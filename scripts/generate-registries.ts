console.log("generated")
