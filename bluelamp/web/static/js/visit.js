// Notes where and when the photos of a visit were taken, in hidden fields of <form data-visit-photos>. Without it, or
// where somebody shares no position, the photos go without: nothing waits for this.

const form = document.querySelector("[data-visit-photos]");
const field = (name) => form.querySelector(`[name="${name}"]`);

function notePosition({ coords }) {
  field("latitude").value = coords.latitude;
  field("longitude").value = coords.longitude;
  field("accuracy_m").value = coords.accuracy;
}

if (form) {
  // A phone's camera writes the file the moment that the picture is taken.
  field("photos").addEventListener("change", ({ target }) => {
    field("captured_at").value = [...target.files].map((file) => new Date(file.lastModified).toISOString()).join(" ");
  });
  navigator.geolocation?.watchPosition(notePosition, () => {}, { enableHighAccuracy: true, maximumAge: 60_000 });
}
