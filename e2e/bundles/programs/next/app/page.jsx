import { answer } from "../answer.js";

export const dynamic = "force-dynamic";

const Page = async () => {
  // Next keeps this answer; it leaves the process once.
  const kept = await fetch(process.env.KEPT_URL, { next: { revalidate: 3600 } });
  return (
    <p>
      {await kept.text()}: {await answer()}
    </p>
  );
};

export { Page as default };
